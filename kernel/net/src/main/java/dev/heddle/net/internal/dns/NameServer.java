package dev.heddle.net.internal.dns;

import dev.heddle.Heddle;
import dev.heddle.engine.Datagrams;
import dev.heddle.engine.Engine;
import dev.heddle.internal.sight.Kernel;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/**
 * One name server: what a resolver has learned of it, and the sockets that are connected with it.
 *
 * <p>How long an answer may take before the question is sent once more: the mean time of answers and four times their
 * deviation (RFC 6298 section 2). The time counts from when a question was first sent, so a server that answers late,
 * and not by a loss, is waited for longer. One datagram more does little harm, so the bounds are below those of a TCP.
 *
 * <p>A socket has one question at a time, and then the next one: to open and to close one costs more than to ask. After
 * {@link #KEEP_SOCKET} it gets no more. Nor does it after a datagram that was no answer: whoever guesses at its port has
 * that question only, as if each had a port of its own.
 */
final class NameServer {

    /** How long a server that failed is asked last. */
    static final long REST_NANOS = TimeUnit.SECONDS.toNanos(10);

    /** The least time on top of the mean before a question is sent once more. */
    static final Duration MIN_RESEND = Duration.ofMillis(100);

    /** The longest wait before a question is sent once more, also before the server has answered any. */
    static final Duration MAX_RESEND = Duration.ofMillis(500);

    /** How long a socket gets questions, or is kept for one. */
    static final Duration KEEP_SOCKET = Duration.ofMillis(100);

    final InetSocketAddress address;

    /** Whether it does not understand EDNS. */
    boolean isOld;

    private final ArrayDeque<Datagrams> free = new ArrayDeque<>();
    private final Set<Datagrams> young = new HashSet<>();
    private boolean rests;
    private long restEndNanos;
    private long meanNanos;
    private long deviationNanos = MAX_RESEND.toNanos();

    NameServer(InetSocketAddress address) {
        this.address = address;
    }

    void rest(long now) {
        rests = true;
        restEndNanos = now + REST_NANOS;
    }

    boolean isResting(long now) {
        return rests && now - restEndNanos < 0;
    }

    /** How long to wait for an answer before the question is sent once more. */
    Duration patience() {
        long nanos = meanNanos + Math.max(MIN_RESEND.toNanos(), 4 * deviationNanos);
        return Duration.ofNanos(Math.min(nanos, MAX_RESEND.toNanos()));
    }

    /** It has answered as it should: it does not rest any more. */
    void answers() {
        rests = false;
    }

    /** Notes how long an answer took. */
    void tookNanos(long nanos) {
        deviationNanos = meanNanos == 0 ? nanos / 2 : (3 * deviationNanos + Math.abs(meanNanos - nanos)) / 4;
        meanNanos = meanNanos == 0 ? nanos : (7 * meanNanos + nanos) / 8;
    }

    /** A socket for one question, to be given back. */
    Datagrams take(Engine engine) throws IOException {
        Datagrams socket = free.pollFirst();
        if (socket == null) {
            socket = Exchange.connected(engine, address);
            if (young.isEmpty()) {
                Kernel.get().spawnService(Heddle.currentLoop(), "sockets for questions to " + address, this::endInTime);
            }
            young.add(socket);
        }
        return socket;
    }

    /**
     * Takes a socket back, for the next question or to close it.
     *
     * @param quiet whether one question went over it, and nothing came but its answer
     */
    void give(Datagrams socket, boolean quiet) {
        if (quiet && young.contains(socket)) {
            free.addLast(socket);
        } else {
            socket.close();
        }
    }

    private void endInTime() {
        try {
            Heddle.sleep(KEEP_SOCKET);
        } finally {
            young.clear();
            free.forEach(Datagrams::close);
            free.clear();
        }
    }
}
