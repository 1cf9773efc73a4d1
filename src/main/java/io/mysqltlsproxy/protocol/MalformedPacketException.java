package io.mysqltlsproxy.protocol;

/** Bytes that are not the packet they should be. The message never quotes the packet. */
public class MalformedPacketException extends Exception {
  public MalformedPacketException(String message) {
    super(message);
  }
}
