package dev.heddle.conformance;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;

/**
 * Ports for what must know its port before it listens, or for addresses at which nobody does.
 *
 * <p>A port that the system has chosen is not fit for that. The system chooses among the ephemeral ports, as it does for
 * the near end of each connection, so another connection may have it a moment later. Even one to that very port: who
 * connects to a port of the loopback before anybody listens there may be given the same one and be connected with itself,
 * and then the server cannot bind it. These ports lie below the ephemeral ones, and each is given once.
 *
 * <p>Any thread may ask.
 */
public final class FreePorts {

    private static final int FIRST = 10_000;

    /** The first ephemeral port of Linux's default; other systems begin later. */
    private static final int END = 32_768;

    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ip_local_port_range");

    private static final int LIMIT = limit();

    /** Each process begins elsewhere, so that two hardly ever ask for the same at the same time. */
    private static int next = FIRST + new Random().nextInt(LIMIT - FIRST);

    private FreePorts() {}

    /** A port that nobody has now, of any address of this machine. */
    public static int next() {
        return next(1);
    }

    /** The first of so many ports in a row that nobody has now. */
    public static synchronized int next(int inARow) {
        for (int tried = 0; tried < LIMIT - FIRST; tried += inARow) {
            int first = next + inARow <= LIMIT ? next : FIRST;
            next = first + inARow;
            if (areFree(first, inARow)) {
                return first;
            }
        }
        throw new IllegalStateException("no " + inARow + " free ports in a row between " + FIRST + " and " + LIMIT);
    }

    private static boolean areFree(int first, int inARow) {
        if (inARow == 0) {
            return true;
        }
        try (var _ = new ServerSocket(first, 1)) {
            return areFree(first + 1, inARow - 1);
        } catch (IOException _) {
            return false;
        }
    }

    private static int limit() {
        try {
            int ephemeral = Integer.parseInt(Files.readString(RANGE).strip().split("\\s+", 2)[0]);
            return Math.max(FIRST + 1_000, Math.min(END, ephemeral));
        } catch (IOException _) {
            return END;
        }
    }
}
