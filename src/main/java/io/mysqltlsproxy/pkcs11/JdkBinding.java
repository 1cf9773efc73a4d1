package io.mysqltlsproxy.pkcs11;

import java.lang.reflect.Array;
import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * The JDK's binding to PKCS#11, on which its keystore stands.
 *
 * <p>It is no public API, though the same from Java 17 to 25. The manifest opens it to this program
 * (Add-Opens); reflection reaches it, since a compiler that is told to compile for Java 17 does not
 * show it.
 */
final class JdkBinding implements Functions {
  private static final String PACKAGE = "sun.security.pkcs11.wrapper.";
  private static final ConcurrentHashMap<String, Method> METHODS = new ConcurrentHashMap<>();

  /** It is not there, or its library fails to load a module. */
  static final class BindingException extends Exception {
    BindingException(String reason, Throwable cause) {
      super(reason, cause);
    }
  }

  private final Object functions;

  private JdkBinding(Object functions) {
    this.functions = functions;
  }

  /** The functions of a module, which is initialized for threads of the operating system's. */
  static Functions functions(String module) throws BindingException, CryptokiException {
    try {
      Object arguments = initialization();
      return new JdkBinding(
          type("PKCS11")
              .getMethod(
                  "getInstance", String.class, String.class, arguments.getClass(), boolean.class)
              .invoke(null, module, "C_GetFunctionList", arguments, false));
    } catch (InvocationTargetException e) {
      throwIfCode(e.getCause());
      throw new BindingException(String.valueOf(e.getTargetException().getMessage()), e);
    } catch (ReflectiveOperationException | LinkageError e) {
      throw new BindingException("this Java has no PKCS#11: " + e, e);
    }
  }

  private static Object initialization() throws ReflectiveOperationException {
    Object arguments = make("CK_C_INITIALIZE_ARGS");
    field(arguments, "flags").setLong(arguments, 2); // CKF_OS_LOCKING_OK
    return arguments;
  }

  @Override
  public void restart() throws CryptokiException {
    try {
      call("C_Finalize", (Object) null);
    } catch (CryptokiException ended) {
      // As is wanted.
    }
    try {
      Method initialize = type("PKCS11").getDeclaredMethod("C_Initialize", Object.class);
      initialize.setAccessible(true);
      initialize.invoke(functions, initialization());
    } catch (InvocationTargetException e) {
      throwIfCode(e.getCause());
      throw new IllegalStateException("C_Initialize", e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("C_Initialize", e);
    }
  }

  @Override
  public Object call(String name, @Nullable Object... arguments) throws CryptokiException {
    try {
      Method method = METHODS.computeIfAbsent(name, any -> method(name, arguments.length));
      return method.invoke(functions, arguments);
    } catch (InvocationTargetException e) {
      throwIfCode(e.getCause());
      throw new IllegalStateException(name, e.getCause());
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(name, e);
    }
  }

  private static Method method(String name, int arguments) {
    return Arrays.stream(type("PKCS11").getMethods())
        .filter(each -> each.getName().equals(name) && each.getParameterCount() == arguments)
        .findFirst()
        .orElseThrow(() -> new IllegalStateException("this Java's PKCS#11 has no " + name));
  }

  private static void throwIfCode(@Nullable Throwable thrown) throws CryptokiException {
    if (thrown != null && thrown.getClass().getName().equals(PACKAGE + "PKCS11Exception")) {
      try {
        long code = (long) thrown.getClass().getMethod("getErrorCode").invoke(thrown);
        throw new CryptokiException(code, String.valueOf(thrown.getMessage()));
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException("an exception without its code", thrown);
      }
    }
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(PACKAGE + name);
    } catch (ClassNotFoundException e) {
      throw new NoClassDefFoundError(PACKAGE + name);
    }
  }

  private static Object make(String name) throws ReflectiveOperationException {
    return type(name).getConstructor().newInstance();
  }

  private static Field field(Object of, String name) throws ReflectiveOperationException {
    return of.getClass().getField(name);
  }

  /** The value of a public field. */
  static @Nullable Object get(Object of, String name) {
    try {
      return field(of, name).get(of);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(name, e);
    }
  }

  /** An array of CK_ATTRIBUTE. */
  static Object attributes(long[] types, @Nullable Object... values) {
    try {
      Object array = Array.newInstance(type("CK_ATTRIBUTE"), types.length);
      for (int i = 0; i < types.length; i++) {
        Array.set(
            array,
            i,
            type("CK_ATTRIBUTE")
                .getConstructor(long.class, Object.class)
                .newInstance(types[i], values[i]));
      }
      return array;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("CK_ATTRIBUTE", e);
    }
  }

  /** A CK_MECHANISM without parameters. */
  static Object mechanism(long number) {
    try {
      return type("CK_MECHANISM").getConstructor(long.class).newInstance(number);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("CK_MECHANISM", e);
    }
  }

  /** The same for signatures with PSS, whose salt is as long as the hash. */
  static Object pss(long number, String hash, int saltBytes) {
    try {
      Object parameters =
          type("CK_RSA_PKCS_PSS_PARAMS")
              .getConstructor(String.class, String.class, String.class, int.class)
              .newInstance(hash, "MGF1", hash, saltBytes);
      Object mechanism = mechanism(number);
      mechanism
          .getClass()
          .getMethod("setParameter", parameters.getClass())
          .invoke(mechanism, parameters);
      return mechanism;
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("CK_RSA_PKCS_PSS_PARAMS", e);
    }
  }

  /** Gives back what Java 17 keeps of parameters outside the heap; newer ones do so themselves. */
  static void free(Object mechanism) {
    try {
      mechanism.getClass().getMethod("freeHandle").invoke(mechanism);
    } catch (NoSuchMethodException newer) {
      // Nothing to give back.
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("CK_MECHANISM", e);
    }
  }
}
