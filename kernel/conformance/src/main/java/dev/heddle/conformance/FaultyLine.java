package dev.heddle.conformance;

import dev.heddle.Heddle;
import dev.heddle.Waiter;
import dev.heddle.io.ByteStream;
import dev.heddle.sync.Channel;
import java.time.Duration;
import java.util.Arrays;

/**
 * One direction of a {@link ProxyRelay}. A task reads and says when what it read is due, another waits for that and
 * writes.
 */
final class FaultyLine {

    private static final int READ_BYTES = 16 * 1024;

    /** How much is on its way at once: reads, of {@link #READ_BYTES} at most. */
    private static final int READS_ON_THE_WAY = 64;

    /** Small pieces pass without a sleep for each, which would make slow what is only meant to be thin. */
    private static final long MIN_SLEEP_NANOS = 1_000_000;

    /** What came together; no bytes are the end. */
    private static final class Arrival {
        private final byte[] bytes;
        private final long dueNanos;

        Arrival(byte[] bytes, long dueNanos) {
            this.bytes = bytes;
            this.dueNanos = dueNanos;
        }
    }

    private final ProxyRelay relay;
    private final ByteStream from;
    private final ByteStream to;
    private final Damage damage;
    private final Faults faults;
    private final Channel<Arrival> onTheWay = Channel.of(READS_ON_THE_WAY);
    private long lastDueNanos = Long.MIN_VALUE;
    private long busyUntilNanos = Long.MIN_VALUE;
    private long passed;
    private boolean endedEarly;

    FaultyLine(ProxyRelay relay, ByteStream from, ByteStream to, Damage damage) {
        this.relay = relay;
        this.from = from;
        this.to = to;
        this.damage = damage;
        this.faults = damage.faults;
    }

    void start() {
        relay.spawn("from " + from.remoteAddress(), this::read);
        relay.spawn("to " + to.remoteAddress(), this::write);
    }

    private void read() {
        byte[] buffer = new byte[READ_BYTES];
        for (long left = faults.stallAfterBytes(); left > 0;) {
            int count = from.read(buffer, 0, (int) Math.min(buffer.length, left));
            onTheWay.send(new Arrival(Arrays.copyOf(buffer, Math.max(0, count)), due()));
            if (count < 0) {
                return;
            }
            left -= count;
        }
        damage.counters.stalls++;
        relay.lineStalled();
        new Waiter("the end of a stalled connection").await();
    }

    private long due() {
        long due = Heddle.currentLoop().nanoTime() + damage.delayNanos();
        lastDueNanos = lastDueNanos == Long.MIN_VALUE || due - lastDueNanos > 0 ? due : lastDueNanos;
        return lastDueNanos;
    }

    private void write() {
        breakIfDue();
        while (true) {
            Arrival arrival = onTheWay.receive();
            sleepUntil(arrival.dueNanos);
            if (arrival.bytes.length == 0) {
                break;
            }
            if (!endedEarly) {
                damage.change(arrival.bytes);
                pass(arrival.bytes);
            }
        }
        if (!endedEarly) {
            to.closeOutput();
        }
        relay.lineEnded();
    }

    private void pass(byte[] bytes) {
        for (int at = 0; at < bytes.length && !endedEarly;) {
            long untilBreak = Math.min(faults.endAfterBytes(), faults.resetAfterBytes()) - passed;
            int count = damage.piece((int) Math.min(bytes.length - at, untilBreak));
            waitForTurn(count);
            to.write(bytes, at, count);
            at += count;
            passed += count;
            damage.passed(count);
            if (at < bytes.length) {
                // So that the receiver may see the piece alone.
                Heddle.checkpoint();
            }
            breakIfDue();
        }
    }

    private void breakIfDue() {
        if (passed >= faults.resetAfterBytes()) {
            damage.counters.resets++;
            relay.reset();
            Heddle.checkpoint();
        } else if (passed >= faults.endAfterBytes()) {
            damage.counters.ends++;
            endedEarly = true;
            to.closeOutput();
        }
    }

    private void waitForTurn(int count) {
        long passing = damage.passingNanos(count);
        if (passing > 0) {
            long now = Heddle.currentLoop().nanoTime();
            long start = busyUntilNanos == Long.MIN_VALUE || now - busyUntilNanos > 0 ? now : busyUntilNanos;
            busyUntilNanos = start + passing;
            if (busyUntilNanos - now >= MIN_SLEEP_NANOS) {
                sleepUntil(busyUntilNanos);
            }
        }
    }

    private static void sleepUntil(long dueNanos) {
        long left = dueNanos - Heddle.currentLoop().nanoTime();
        if (left > 0) {
            Heddle.sleep(Duration.ofNanos(left));
        }
    }
}
