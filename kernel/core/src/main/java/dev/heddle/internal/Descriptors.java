package dev.heddle.internal;

import java.io.FileDescriptor;
import java.io.FileInputStream;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.channels.Channel;
import java.nio.channels.FileChannel;
import java.nio.channels.SelectableChannel;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

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
        return Channels.FOUND.of(JdkHook.CHANNELS, channel);
    }

    /**
     * The number of the system.
     *
     * @throws UnsupportedOperationException if the channel is not one of the JDK's own, or the JDK does not tell
     */
    public static int of(FileChannel channel) {
        return Files.FOUND.of(JdkHook.FILES, channel);
    }

    /**
     * A channel of Java for a file that the system has open for reading; closing it closes the number.
     *
     * @throws UnsupportedOperationException if the JDK does not take it; it is still open then
     */
    @SuppressWarnings("StreamResourceLeak") // its channel closes it
    public static FileChannel reading(int number) {
        MethodHandle setter = Files.SETTER.handles();
        if (setter == null) {
            JdkHook.FILES.tellOnce(Objects.requireNonNull(Files.SETTER.failure()));
            throw new UnsupportedOperationException("the JDK takes no descriptor", Files.SETTER.failure());
        }
        var descriptor = new FileDescriptor();
        try {
            setter.invokeExact(descriptor, number);
        } catch (Throwable e) {
            throw new UnsupportedOperationException("the JDK takes no descriptor", e);
        }
        return new FileInputStream(descriptor).getChannel();
    }

    /** Why no descriptor of a channel can be had here, by the name of what the JDK lacks; empty if it can. */
    public static Optional<String> whyNot() {
        return Optional.ofNullable(Channels.FOUND.failure())
                .filter(_ -> JdkFlags.areGiven()) // without them there are no loops
                .map(failure -> "JDK " + Runtime.version() + " does not have " + JdkHook.member(failure));
    }

    static MethodHandle channels(JdkMembers jdk) throws ReflectiveOperationException {
        jdk.open("sun.nio.ch");
        return jdk.method(jdk.type("sun.nio.ch.SelChImpl"), "getFDVal", MethodType.methodType(int.class));
    }

    /** From a channel of a file to its number. */
    static MethodHandle files(JdkMembers jdk) throws ReflectiveOperationException {
        jdk.open("sun.nio.ch");
        jdk.open("java.io");
        MethodHandle file = jdk.getter(jdk.type("sun.nio.ch.FileChannelImpl"), "fd", FileDescriptor.class);
        return MethodHandles.filterReturnValue(file, jdk.getter(FileDescriptor.class, "fd", int.class));
    }

    /** Gives a descriptor of Java its number. */
    static MethodHandle setter(JdkMembers jdk) throws ReflectiveOperationException {
        jdk.open("java.io");
        return jdk.setter(FileDescriptor.class, "fd", int.class);
    }

    /** Where a number is found, or why it is not. */
    private record Found(@Nullable MethodHandle number, @Nullable Throwable failure) {

        static Found by(Finding finding) {
            try {
                return new Found(finding.in(JdkMembers.OWN), null);
            } catch (ReflectiveOperationException e) {
                return new Found(null, e);
            }
        }

        int of(JdkHook hook, Channel channel) {
            if (number == null) {
                hook.tellOnce(Objects.requireNonNull(failure));
            } else {
                try {
                    return (int) number.invoke(channel);
                } catch (Throwable notOfTheJdk) {
                    throw untold(channel, notOfTheJdk);
                }
            }
            throw untold(channel, failure);
        }

        private static UnsupportedOperationException untold(Channel channel, @Nullable Throwable e) {
            return new UnsupportedOperationException("the JDK does not tell the descriptor of " + channel, e);
        }
    }

    /** Loaded only when somebody asks. */
    private static final class Channels {
        static final Found FOUND = Found.by(Descriptors::channels);
    }

    /** Loaded only when somebody asks. */
    private static final class Files {
        static final Found FOUND = Found.by(Descriptors::files);
        static final JdkMembers.Found<MethodHandle> SETTER = JdkMembers.Found.by(Descriptors::setter);
    }

    @FunctionalInterface
    private interface Finding {
        MethodHandle in(JdkMembers jdk) throws ReflectiveOperationException;
    }
}
