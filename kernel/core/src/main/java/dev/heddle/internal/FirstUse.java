package dev.heddle.internal;

import java.io.File;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.foreign.Linker;
import java.net.InetAddress;
import java.net.ProtocolFamily;
import java.net.StandardProtocolFamily;
import java.nio.channels.DatagramChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * The parts of the JDK whose first use needs descriptors: for a library, a file of settings, a socket that looks what
 * the system can. A class that finds none then is dead until the process ends ({@code NoClassDefFoundError}), and random
 * numbers take seconds each. So a part is begun when some descriptors are free, and not touched before.
 *
 * <p>Threads: any; the first call opens and closes files, the others do nothing.
 */
public final class FirstUse {

    /** Internet addresses. */
    public static final FirstUse ADDRESSES = new FirstUse("addresses", InetAddress::getLoopbackAddress);

    /** Random numbers that nobody foretells. A start does without: they are a tenth of the classes of a small one. */
    public static final FirstUse RANDOM = new FirstUse("random numbers", () -> new SecureRandom().nextInt());

    /** Channels of sockets of all kinds. */
    public static final FirstUse CHANNELS = new FirstUse("channels of sockets", FirstUse::useChannels);

    /** Functions of the C library. */
    public static final FirstUse NATIVE_FUNCTIONS = new FirstUse(
            "functions of the C library", () -> Linker.nativeLinker().defaultLookup());

    /** The JDK's cryptography and TLS. */
    public static final FirstUse TLS = new FirstUse("TLS", FirstUse::useTls);

    /** The descriptors that must be free. No part needs more than three at once; others may take some meanwhile. */
    private static final int FREE = 8;

    /** Any file that can be read. */
    private static final File FILE = new File(System.getProperty("java.home"), "release");

    private final String what;
    private final Use use;
    private volatile boolean begun;

    /** Touches a part of the JDK. */
    private interface Use {
        void run() throws IOException;
    }

    private FirstUse(String what, Use use) {
        this.what = what;
        this.use = use;
    }

    private static void useChannels() throws IOException {
        new SecureRandom().nextInt(); // those of Unix keep one
        DatagramChannel.open(StandardProtocolFamily.INET).close();
        openAndClose(StandardProtocolFamily.INET);
        try {
            openAndClose(StandardProtocolFamily.UNIX);
        } catch (UnsupportedOperationException e) {
            // This system has none.
        }
    }

    private static void useTls() throws IOException {
        new SecureRandom().nextInt();
        try {
            SSLContext.getInstance("TLS");
        } catch (GeneralSecurityException e) {
            throw new IOException(e);
        }
    }

    private static void openAndClose(ProtocolFamily family) throws IOException {
        SocketChannel.open(family).close();
        ServerSocketChannel.open(family).close();
    }

    /**
     * Makes sure that the part has begun.
     *
     * @throws IOException if there are too few descriptors, then the next call tries again; or if the part had its first
     *     use elsewhere when there were none, and is dead
     */
    public void begin() throws IOException {
        if (!begun) {
            beginNow();
        }
    }

    private synchronized void beginNow() throws IOException {
        if (begun) {
            return;
        }
        checkFree();
        try {
            use.run();
        } catch (LinkageError | InternalError e) {
            throw new IOException(what + " cannot be used in this process any more, since their first use failed: "
                    + Throwables.describe(e) + "; start it again", e);
        }
        begun = true;
    }

    private void checkFree() throws IOException {
        if (!FILE.canRead()) {
            return;
        }
        List<FileInputStream> taken = new ArrayList<>(FREE);
        try {
            for (int i = 0; i < FREE; i++) {
                taken.add(new FileInputStream(FILE));
            }
        } catch (FileNotFoundException e) {
            throw new IOException("too many open files: the first use of " + what + " needs " + FREE
                    + " free descriptors; close some, or raise the limit (ulimit -n)", e);
        } finally {
            for (FileInputStream each : taken) {
                each.close();
            }
        }
    }
}
