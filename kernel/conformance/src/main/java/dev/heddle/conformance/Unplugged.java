package dev.heddle.conformance;

import dev.heddle.BrokenException;
import dev.heddle.DeadlineExceededException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.TaskCancelledException;
import dev.heddle.io.ByteStream;
import dev.heddle.io.EndOfStreamException;
import dev.heddle.net.Listener;
import dev.heddle.net.ServeOptions;
import dev.heddle.net.Tcp;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.zip.CRC32C;

/**
 * The scenario of clients that ask a server through networks of all kinds, for a time. Each exchange has a proxy of its
 * own, whose faults come from the exchange's seed: a failure names it. A question is a head of three numbers, the two
 * lengths and their checksum, and a transfer; the answer is a transfer.
 */
final class Unplugged {

    private static final int CLIENTS = 32;
    private static final int MAX_BYTES = 300_000;
    private static final int HEAD_BYTES = 12;

    /** How long an exchange may take that must end by itself: far more than it needs. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    /** How long one takes that stalls. */
    private static final Duration DEADLINE = Duration.ofMillis(200);

    private final long seed;
    private final Duration time;
    private final List<Throwable> serverFailures = new ArrayList<>();
    private long exchanges;
    private long right;

    Unplugged(long seed, Duration time) {
        this.seed = seed;
        this.time = time;
    }

    void run() {
        long end = Heddle.currentLoop().nanoTime() + time.toNanos();
        Listener server = Tcp.listen(0);
        Task<Void> serving = Heddle.spawn(
                "server",
                () -> server.serve(ServeOptions.DEFAULT.withOnFailure(this::serverFailed), Unplugged::answer));
        Heddle.group(g -> {
            for (int i = 0; i < CLIENTS; i++) {
                g.spawn("client " + i, () -> {
                    while (end - Heddle.currentLoop().nanoTime() > 0) {
                        exchange(seed + exchanges++, server.port());
                    }
                });
            }
        });
        server.stop(PATIENCE);
        serving.join();
        for (Throwable failure : serverFailures) {
            throw new AssertionError("the server met a failure that no fault explains", failure);
        }
        if (right == 0 || right == exchanges) {
            throw new AssertionError(
                    right + " of " + exchanges + " exchanges went well: too good or too bad to be true");
        }
    }

    private void serverFailed(String what, Throwable failure) {
        if (!(failure instanceof BrokenException || failure instanceof EndOfStreamException)) {
            serverFailures.add(failure);
        }
    }

    private void exchange(long number, int port) {
        var random = new SplittableRandom(number);
        int ask = random.nextInt(MAX_BYTES);
        int answer = random.nextInt(MAX_BYTES);
        boolean destructive = random.nextInt(5) < 2;
        boolean hitsQuestion = random.nextBoolean();
        Faults toServer = faults(random, destructive && hitsQuestion, ask);
        Faults toClient = faults(random, destructive && !hitsQuestion, answer);
        var proxy = new FaultProxy(number, toServer, toClient);
        boolean stalls = toServer.stallAfterBytes() != Faults.NEVER || toClient.stallAfterBytes() != Faults.NEVER;
        String result = "right";
        try (Listener front = Tcp.listen(0)) {
            Task<Void> proxying = Heddle.spawn(
                    "proxy", () -> proxy.serve(front, () -> Tcp.connect("127.0.0.1", port)));
            try (ByteStream stream = Tcp.connect("127.0.0.1", front.port())) {
                boolean good = Heddle.timeout(stalls ? DEADLINE : PATIENCE, () -> ask(stream, ask, answer, number));
                result = good ? "right" : "wrong sum";
            } catch (BrokenException | EndOfStreamException | DeadlineExceededException e) {
                result = e.toString();
            } finally {
                end(proxying);
            }
        }
        if (result.equals("right")) {
            right++;
        } else if (!destructive) {
            throw new AssertionError(
                    "exchange with seed " + number + ", to the server " + toServer + ", back " + toClient
                            + ": " + result);
        }
    }

    /** Also when this task is cancelled. */
    private static void end(Task<Void> proxying) {
        proxying.cancel("the exchange is over");
        Heddle.shield(() -> {
            try {
                proxying.join();
            } catch (TaskCancelledException e) {
                // As asked.
            }
        });
    }

    private static Faults faults(SplittableRandom random, boolean destructive, int bytes) {
        Faults faults = Faults.NONE
                .withDelay(Duration.ofNanos(random.nextInt(2_000_000)))
                .withJitter(Duration.ofNanos(random.nextInt(2_000_000)))
                .withPieceBytes(1 << random.nextInt(8, 17))
                .withBytesPerSecond(random.nextInt(5) == 0 ? 2_000_000 : Faults.UNLIMITED);
        if (!destructive) {
            return faults;
        }
        int place = random.nextInt(bytes + 1);
        return switch (random.nextInt(4)) {
            case 0 -> faults.withStallAfterBytes(place);
            case 1 -> faults.withEndAfterBytes(place);
            case 2 -> faults.withResetAfterBytes(place);
            default -> faults.withCorruption(10.0 / (bytes + 1));
        };
    }

    private static boolean ask(ByteStream stream, int ask, int answer, long number) {
        ByteBuffer head = ByteBuffer.allocate(HEAD_BYTES).putInt(ask).putInt(answer);
        stream.write(head.putInt(sumOf(head)).flip());
        CheckedTransfer.send(stream, ask, number);
        return CheckedTransfer.receive(stream, answer);
    }

    /** The server: an answer that was asked for in a right way. */
    private static void answer(ByteStream stream) {
        ByteBuffer head = ByteBuffer.wrap(stream.readExactly(HEAD_BYTES));
        int ask = head.getInt();
        int answer = head.getInt();
        if (sumOf(head) != head.getInt() || !CheckedTransfer.receive(stream, ask)) {
            stream.abort();
            return;
        }
        CheckedTransfer.send(stream, answer, answer);
    }

    /** The checksum of what is before a buffer's position. */
    private static int sumOf(ByteBuffer head) {
        var sum = new CRC32C();
        sum.update(head.duplicate().flip());
        return (int) sum.getValue();
    }
}
