package dev.heddle.conformance;

import java.time.Duration;
import java.util.SplittableRandom;

/**
 * The faults drawn for one direction of one connection. Cuts and changed bytes are drawn by their place in the stream,
 * each kind from a generator of its own: so they do not depend on how the bytes came.
 */
final class Damage {

    /** With a limited rate, a piece is no longer than what passes in a second divided by this. */
    private static final long PIECES_PER_SECOND = 50;

    final Faults faults;
    final FaultCounters counters;
    private final Direction direction;
    private final SplittableRandom cuts;
    private final SplittableRandom changes;
    private final SplittableRandom times;
    private final int longest;
    private int untilCut;
    private long untilChange;

    Damage(Faults faults, long seed, long connection, Direction direction, FaultCounters counters) {
        this.faults = faults;
        this.direction = direction;
        this.counters = counters;
        var source = new SplittableRandom(
                new SplittableRandom(seed).nextLong() + connection * 2 + (direction == Direction.TO_SERVER ? 0 : 1));
        this.cuts = source.split();
        this.changes = source.split();
        this.times = source.split();
        this.longest = (int) Math.min(faults.pieceBytes(), Math.max(1, faults.bytesPerSecond() / PIECES_PER_SECOND));
        this.untilCut = nextPiece();
        this.untilChange = nextChange();
    }

    /** How many of some bytes go together. */
    int piece(int available) {
        return Math.min(available, untilCut);
    }

    /** So many bytes went. */
    void passed(int count) {
        untilCut -= count;
        if (untilCut == 0) {
            untilCut = nextPiece();
        }
        if (direction == Direction.TO_SERVER) {
            counters.bytesToServer += count;
        } else {
            counters.bytesToClient += count;
        }
    }

    private int nextPiece() {
        if (longest == Faults.WHOLE) {
            return Integer.MAX_VALUE;
        }
        int most = cuts.nextInt(Integer.SIZE - Integer.numberOfLeadingZeros(longest));
        return Math.min(longest, (1 << most) + cuts.nextInt(1 << most));
    }

    /** Changes some of the next bytes. */
    void change(byte[] bytes) {
        long at = untilChange;
        while (at < bytes.length) {
            bytes[(int) at] ^= (byte) (1 + changes.nextInt(255));
            counters.corruptedBytes++;
            at += 1 + nextChange();
        }
        untilChange = at - bytes.length;
    }

    /** How many bytes are left as they are before the next is changed: geometric, as if each were drawn. */
    private long nextChange() {
        double chance = faults.corruption();
        if (chance == 0) {
            return Long.MAX_VALUE / 2;
        }
        return chance == 1 ? 0 : (long) (Math.log(1 - changes.nextDouble()) / Math.log1p(-chance));
    }

    /** How late the next bytes are. */
    long delayNanos() {
        long jitter = nanos(faults.jitter());
        return nanos(faults.delay()) + (jitter == 0 ? 0 : times.nextLong(jitter));
    }

    /** How long some bytes take to pass. */
    long passingNanos(int count) {
        return faults.bytesPerSecond() == Faults.UNLIMITED ? 0 : (long) (count * 1e9 / faults.bytesPerSecond());
    }

    /** A year is as good as more, and two of them can be added. */
    private static long nanos(Duration time) {
        Duration year = Duration.ofDays(365);
        return time.compareTo(year) < 0 ? time.toNanos() : year.toNanos();
    }
}
