package dev.heddle.http.internal.websocket;

import dev.heddle.Handle;
import dev.heddle.HeddleException;
import dev.heddle.Loop;
import dev.heddle.http.WebSocketOptions;
import dev.heddle.internal.Durations;
import dev.heddle.internal.sight.Kernel;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The heartbeat of a WebSocket: pings a silent peer, and gives a connection up that is dead, stuck or idle. One timer
 * for each socket, and a task only while a ping leaves.
 *
 * <pre>
 *   LISTENING ──silent for the interval──▶ PINGED ──silent for the timeout, though a task receives──▶ lost
 *       ▲                                    │
 *       └────────── any byte ────────────────┘
 * </pre>
 *
 * <p>Any byte is a sign of life, so a long message that comes slowly is not cut off. A silence that nobody listens to
 * says nothing.
 */
public final class Heartbeat {

    private static final long NEVER = Long.MAX_VALUE / 4;

    private final WebSocketLifecycle life;
    private final WebSocketOutbound out;
    private final Loop loop;
    private final long intervalNanos;
    private final long pongNanos;
    private final long idleNanos;

    private long heardNanos;
    private long messageNanos;
    private boolean pinged;

    /** Since when an answer is due, and whether a task was there at the last look to hear it. */
    private long askedNanos;

    private boolean listening;
    private long pingNanos;
    private long number;
    private byte[] expected = new byte[0];
    private long latencyNanos = -1;
    private @Nullable Handle timer;
    private boolean stopped;

    Heartbeat(WebSocketLifecycle life, WebSocketOutbound out, WebSocketOptions options, Loop loop) {
        this.life = life;
        this.out = out;
        this.loop = loop;
        this.intervalNanos = options.pingInterval().isZero() ? NEVER : Durations.toNanos(options.pingInterval());
        this.pongNanos = Durations.toNanos(options.pongTimeout());
        this.idleNanos = options.idleTime().isZero() ? NEVER : Durations.toNanos(options.idleTime());
        this.heardNanos = loop.nanoTime();
        this.messageNanos = heardNanos;
    }

    void start() {
        if (intervalNanos != NEVER || idleNanos != NEVER) {
            again(Math.min(intervalNanos, idleNanos));
        }
    }

    void stop() {
        stopped = true;
        if (timer != null) {
            timer.cancel();
        }
    }

    /** Bytes have come. */
    void heard() {
        heardNanos = loop.nanoTime();
        pinged = false;
    }

    /** A message has come. */
    public void message() {
        messageNanos = loop.nanoTime();
    }

    /** A ping of ours is back, or a pong nobody asked for. */
    void pong(byte[] payload) {
        if (expected.length > 0 && Arrays.equals(payload, expected)) {
            latencyNanos = loop.nanoTime() - pingNanos;
            expected = new byte[0];
        }
    }

    /** How long the last ping took there and back. */
    public Optional<Duration> latency() {
        return latencyNanos < 0 ? Optional.empty() : Optional.of(Duration.ofNanos(latencyNanos));
    }

    /** The payload of the next ping, which {@link #pong} knows again. */
    public byte[] nextPing() {
        pingNanos = loop.nanoTime();
        expected = ByteBuffer.allocate(Long.BYTES).putLong(++number).array();
        return expected;
    }

    private void again(long nanos) {
        if (stopped) {
            return;
        }
        timer = loop.callLater(Duration.ofNanos(nanos), this::look);
    }

    private void look() {
        if (stopped) {
            return;
        }
        long now = loop.nanoTime();
        long stuck = out.stuckSinceNanos();
        if (intervalNanos != NEVER && stuck != Long.MIN_VALUE && now - stuck >= intervalNanos + pongNanos) {
            life.lose("took nothing for " + seconds(now - stuck));
            return;
        }
        long idle = now - Math.max(messageNanos, out.lastMessageNanos());
        if (idle >= idleNanos) {
            life.beginClose(CloseCodes.GOING_AWAY, "idle");
            return;
        }
        again(Math.min(beat(now), idleNanos - idle));
    }

    /** Does what silence demands; returns when to look again. */
    private long beat(long now) {
        if (stopped || intervalNanos == NEVER) {
            return NEVER;
        }
        if (pinged) {
            boolean listened = listening;
            listening = life.isReceiving();
            long silent = now - askedNanos;
            if (silent < pongNanos) {
                return pongNanos - silent;
            }
            if (!life.isOpen()) {
                // The close has a time of its own.
                return pongNanos;
            }
            if (listened && listening) {
                life.lose("did not answer a ping for " + seconds(silent));
                return NEVER;
            }
            askedNanos = now;
            return pongNanos;
        }
        long silent = now - heardNanos;
        if (silent < intervalNanos) {
            return intervalNanos - silent;
        }
        pinged = true;
        askedNanos = now;
        listening = life.isReceiving();
        Kernel.get().spawnService(loop, "ping", this::ping);
        return pongNanos;
    }

    private void ping() {
        try {
            out.ping(nextPing());
            // It may have waited behind a long frame.
            askedNanos = loop.nanoTime();
        } catch (HeddleException gone) {
            // Whoever receives or sends is told by the stream itself.
        }
    }

    private static String seconds(long nanos) {
        return Duration.ofNanos(nanos).toSeconds() + " s";
    }
}
