package dev.heddle.bench;

import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ManagementFactory;

/** The number of files and sockets that a process may have open; a JVM takes all that it may have, and so do its children. */
final class Descriptors {

    /** What a server or a load has open besides connections, and to spare. */
    private static final int OTHERS = 1000;

    private static final int MILLION = 1_000_000;

    private Descriptors() {}

    /** The most connections that one process can have here, a million at the most, in whole thousands. */
    static int forConnections() {
        long limit = ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system
                ? system.getMaxFileDescriptorCount()
                : OTHERS;
        return (int) Math.min(MILLION, Math.max(1, (limit - OTHERS) / 1000) * 1000);
    }
}
