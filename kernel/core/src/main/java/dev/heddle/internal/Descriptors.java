package dev.heddle.internal;

import java.io.FileDescriptor;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;

/**
 * The descriptor under a channel of Java NIO, for engines that talk to the kernel themselves. It stays the channel's:
 * the caller keeps the channel open while it uses the number.
 */
public final class Descriptors {

    private Descriptors() {}

    /**
     * The number of the system.
     *
     * @throws UnsupportedOperationException if the channel is not one of the JDK's own, or the JDK does not tell
     */
    public static int of(SelectableChannel channel) {
        return Access.of(channel, () -> (int) Access.SELECTABLE.invoke(channel));
    }

    /**
     * The number of the system.
     *
     * @throws UnsupportedOperationException if the channel is not one of the JDK's own, or the JDK does not tell
     */
    public static int of(FileChannel channel) {
        return Access.of(channel, () -> (int) Access.NUMBER.invokeExact((FileDescriptor) Access.FILE.invoke(channel)));
    }

    /** Loaded only when somebody asks. */
    private static final class Access {

        static final MethodHandle SELECTABLE;
        static final MethodHandle FILE;
        static final MethodHandle NUMBER;

        static {
            try {
                MethodHandles.Lookup self = MethodHandles.lookup();
                JdkPackages.open("sun.nio.ch");
                JdkPackages.open("java.io");
                Class<?> selectable = Class.forName("sun.nio.ch.SelChImpl");
                SELECTABLE = MethodHandles.privateLookupIn(selectable, self)
                        .findVirtual(selectable, "getFDVal", MethodType.methodType(int.class));
                Class<?> file = Class.forName("sun.nio.ch.FileChannelImpl");
                FILE = MethodHandles.privateLookupIn(file, self).findGetter(file, "fd", FileDescriptor.class);
                NUMBER = MethodHandles.privateLookupIn(FileDescriptor.class, self)
                        .findGetter(FileDescriptor.class, "fd", int.class);
            } catch (Throwable e) {
                throw new ExceptionInInitializerError(e);
            }
        }

        static int of(Channel channel, Reading reading) {
            try {
                return reading.read();
            } catch (Throwable e) {
                throw new UnsupportedOperationException("the JDK does not tell the descriptor of " + channel, e);
            }
        }
    }

    @FunctionalInterface
    private interface Reading {
        int read() throws Throwable;
    }
}
