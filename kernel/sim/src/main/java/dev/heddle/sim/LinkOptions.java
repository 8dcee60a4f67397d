package dev.heddle.sim;

import dev.heddle.internal.Checks;
import java.time.Duration;

/**
 * The options of one direction of a link between two hosts: its delay, rate, losses and order.
 *
 * <p>What happens below TCP is hidden by TCP, as on a real network: a lost segment comes late, since it is sent again;
 * one that is overtaken or doubled is put in order again. Streams see delays and odd sizes, never other bytes.
 *
 * <p>Datagrams are hidden by nothing: one that is lost is lost for good, whatever its size, and so is one that meets a
 * link that is down; they may arrive twice and out of order. The size of segments and the window do not concern them; a
 * router's queue concerns them only.
 */
public final class LinkOptions {

    /** The longest latency and the longest jitter: one hour. */
    public static final Duration MAX_DELAY = Duration.ofHours(1);

    /** The most loss: above it, hardly a segment would get through. */
    public static final double MAX_LOSS = 0.9;

    /** A wire of no length: no delay, 64 KiB segments and window, no faults. For tests of exact times. */
    public static final LinkOptions INSTANT = new LinkOptions(
            Duration.ZERO,
            Duration.ZERO,
            0,
            0,
            0,
            1 << 16,
            0,
            1 << 16,
            0);

    /** A local network: 0.1 to 1 ms, segments of 1,460 bytes, a window of 64 KiB, no loss. */
    public static final LinkOptions DEFAULT = INSTANT
            .withLatency(Duration.ofNanos(100_000))
            .withJitter(Duration.ofNanos(900_000))
            .withMtuBytes(1460);

    /** A bad day: 200 ms, 50 ms of jitter, 1 % lost, 5 % reordered, 1 % doubled, and every byte travels alone. */
    public static final LinkOptions ROUGH = INSTANT
            .withLatency(Duration.ofMillis(200))
            .withJitter(Duration.ofMillis(50))
            .withLoss(0.01)
            .withReorder(0.05)
            .withDuplicate(0.01)
            .withMtuBytes(1);

    private final Duration latency;
    private final Duration jitter;
    private final double loss;
    private final double reorder;
    private final double duplicate;
    private final int mtuBytes;
    private final long bytesPerSecond;
    private final int windowBytes;
    private final int queuedDatagrams;

    private LinkOptions(Duration latency, Duration jitter, double loss, double reorder, double duplicate, int mtuBytes,
            long bytesPerSecond, int windowBytes, int queuedDatagrams) {
        checkDelay("latency", latency);
        checkDelay("jitter", jitter);
        Checks.fraction("loss", loss, MAX_LOSS);
        Checks.fraction("reorder", reorder, 1);
        Checks.fraction("duplicate", duplicate, 1);
        Checks.atLeast("mtuBytes", mtuBytes, 1);
        Checks.atLeast("bytesPerSecond", bytesPerSecond, 0);
        Checks.atLeast("windowBytes", windowBytes, 1);
        Checks.atLeast("queuedDatagrams", queuedDatagrams, 0);
        this.latency = latency;
        this.jitter = jitter;
        this.loss = loss;
        this.reorder = reorder;
        this.duplicate = duplicate;
        this.mtuBytes = mtuBytes;
        this.bytesPerSecond = bytesPerSecond;
        this.windowBytes = windowBytes;
        this.queuedDatagrams = queuedDatagrams;
    }

    /** The least time a segment takes; not negative, at most {@link #MAX_DELAY}. */
    public Duration latency() {
        return latency;
    }

    /**
     * The most time that is added to it, drawn for each segment; segments may overtake each other by it; not negative,
     * at most {@link #MAX_DELAY}.
     */
    public Duration jitter() {
        return jitter;
    }

    /** The chance that a sent segment is lost and sent again after 200 ms, doubling; 0 to 0.9. */
    public double loss() {
        return loss;
    }

    /** The chance that a segment is delayed once more, by up to 1 ms plus latency and jitter; 0 to 1. */
    public double reorder() {
        return reorder;
    }

    /** The chance that a segment arrives twice; 0 to 1. */
    public double duplicate() {
        return duplicate;
    }

    /** Most bytes of one segment and of one read, at least 1. */
    public int mtuBytes() {
        return mtuBytes;
    }

    /** How many bytes may enter the link in a second, or 0 for no limit. */
    public long bytesPerSecond() {
        return bytesPerSecond;
    }

    /**
     * Most bytes of a connection that are on the way or wait to be read at the other end: a writer that is ahead by as
     * many waits; at least 1.
     */
    public int windowBytes() {
        return windowBytes;
    }

    /**
     * How many datagrams a router on the way holds while they wait to enter a link of limited speed: one that finds as many
     * is lost. The sender then does not wait for the link. 0 if there is no router: the sender waits, and none is lost.
     */
    public int queuedDatagrams() {
        return queuedDatagrams;
    }

    public LinkOptions withLatency(Duration latency) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withJitter(Duration jitter) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withLoss(double loss) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withReorder(double reorder) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withDuplicate(double duplicate) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withMtuBytes(int mtuBytes) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withBytesPerSecond(long bytesPerSecond) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withWindowBytes(int windowBytes) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    public LinkOptions withQueuedDatagrams(int queuedDatagrams) {
        return new LinkOptions(latency, jitter, loss, reorder, duplicate, mtuBytes, bytesPerSecond, windowBytes,
                queuedDatagrams);
    }

    private static void checkDelay(String name, Duration delay) {
        Checks.notNegative(name, delay);
        Checks.atMost(name, delay, MAX_DELAY);
    }

    @Override
    public String toString() {
        return "LinkOptions[latency=" + latency + ", jitter=" + jitter + ", loss=" + loss + ", reorder=" + reorder
                + ", duplicate=" + duplicate + ", mtuBytes=" + mtuBytes + ", bytesPerSecond=" + bytesPerSecond
                + ", windowBytes=" + windowBytes + ", queuedDatagrams=" + queuedDatagrams + "]";
    }
}
