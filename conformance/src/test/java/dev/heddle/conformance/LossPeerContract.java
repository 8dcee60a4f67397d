package dev.heddle.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/**
 * Each {@link LossCell} with peers that do not use our code, quickly, and with random pauses of some seconds: {@code
 * -Dheddle.seed=N} is for those of a run before.
 */
@LeavesNothing
abstract class LossPeerContract {

    private static final Duration SHORT_PAUSES = Duration.ofMillis(3);
    private static final Duration LONG_PAUSES = Duration.ofSeconds(5);
    private static final ServerTls TLS = ServerTls.of(TlsIdentity.selfSigned("localhost"));

    @TempDir
    Path directory;

    /** Runs a body as the main task of a fresh loop. */
    abstract void run(Action body);

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> cellOfALossWithPythonOverTls() throws Exception {
        return play(LossPeer.PYTHON, "tls", SHORT_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> cellOfACutWithPythonOverTls() throws Exception {
        return new Play(LossPeer.PYTHON, "tls", SHORT_PAUSES).tests(resets(), "cut");
    }

    @TestFactory
    Stream<DynamicTest> cellOfALossWithCOverTcp() throws Exception {
        return play(LossPeer.C, "tcp", SHORT_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> cellOfALossWithCOverAUnixSocket() throws Exception {
        return play(LossPeer.C, "unix", SHORT_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> slowCellOfALossWithPythonOverTcp() throws Exception {
        return play(LossPeer.PYTHON, "tcp", LONG_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> slowCellOfALossWithPythonOverAUnixSocket() throws Exception {
        return play(LossPeer.PYTHON, "unix", LONG_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> slowCellOfALossWithPythonOverTls() throws Exception {
        return play(LossPeer.PYTHON, "tls", LONG_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> slowCellOfALossWithCOverTcp() throws Exception {
        return play(LossPeer.C, "tcp", LONG_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> slowCellOfALossWithCOverAUnixSocket() throws Exception {
        return play(LossPeer.C, "unix", LONG_PAUSES);
    }

    private Stream<DynamicTest> play(LossPeer peer, String kind, Duration maxPause) throws Exception {
        return new Play(peer, kind, maxPause).tests(LossCell.all(), "reset");
    }

    private static List<LossCell> resets() {
        return LossCell.all().stream().filter(cell -> cell.deed() == LossCell.Deed.RESET).toList();
    }

    /** One run of a program, with a connection for each cell. */
    private final class Play {

        private final LossPeer peer;
        private final String kind;
        private final Duration maxPause;
        private final long seed = Long.getLong("heddle.seed", ThreadLocalRandom.current().nextInt(1_000_000));

        Play(LossPeer peer, String kind, Duration maxPause) {
            this.peer = peer;
            this.kind = kind;
            this.maxPause = maxPause;
        }

        Stream<DynamicTest> tests(List<LossCell> cells, String reset) throws Exception {
            List<String> command = new ArrayList<>(peer.command(directory));
            List<Outcome<Void>> outcomes = new ArrayList<>();
            Place place = kind.equals("unix") ? Place.in(directory) : Place.port();
            run(() -> {
                try (Listener listener = place.listen(); Listener controls = Tcp.listen(0)) {
                    command.addAll(arguments(place, controls, cells.size()));
                    Program program = Program.start(command, new byte[0]);
                    try (program) {
                        outcomes.addAll(play(cells, reset, listener, controls));
                    }
                }
                LeftoverCheck.checkTasksAndBuffers();
            });
            return IntStream.range(0, cells.size())
                    .mapToObj(i -> dynamicTest(
                            cells.get(i) + ", seed " + seed, () -> outcomes.get(i).get()));
        }

        private List<String> arguments(Place place, Listener controls, int count) {
            return List.of(
                    kind, place.target(), Integer.toString(controls.port()), Integer.toString(count),
                    Long.toString(seed), Long.toString(maxPause.toMillis()));
        }

        private List<Outcome<Void>> play(
                List<LossCell> cells, String reset, Listener listener, Listener controls) {
            var control = new ByteStream[cells.size()];
            var ours = new ByteStream[cells.size()];
            Heddle.gather(() -> accept(controls, control, false), () -> accept(listener, ours, kind.equals("tls")));
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                LossCell cell = cells.get(i);
                ByteStream told = control[i];
                ByteStream stream = ours[i];
                tasks.add(Heddle.spawn(cell.toString(), () -> {
                    try (told; stream) {
                        cell.run(new PeerLossEnds(told, stream, reset, !kind.equals("unix")));
                    }
                }));
            }
            return tasks.stream().map(Task::awaitOutcome).toList();
        }

        private void accept(Listener listener, ByteStream[] streams, boolean tls) {
            for (int i = 0; i < streams.length; i++) {
                ByteStream plain = listener.accept();
                ByteStream stream = tls ? Tls.upgradeServer(plain, TLS) : plain;
                streams[stream.readExactly(1)[0]] = stream;
            }
        }
    }
}
