package dev.heddle.conformance;

import static org.junit.jupiter.api.DynamicTest.dynamicTest;

import dev.heddle.Action;
import dev.heddle.Heddle;
import dev.heddle.Outcome;
import dev.heddle.Task;
import dev.heddle.io.ByteStream;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import dev.heddle.tls.ServerTls;
import dev.heddle.tls.Tls;
import dev.heddle.tls.TlsIdentity;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.IntFunction;
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
    @Tag("night")
    Stream<DynamicTest> cellOfALossWithPythonOverTls() throws Exception {
        return play(LossPeer.PYTHON, "tls", SHORT_PAUSES);
    }

    @TestFactory
    @Tag("full")
    Stream<DynamicTest> cellOfACutWithPythonOverTls() throws Exception {
        return tests(List.of(new Play(LossPeer.PYTHON, "tls", SHORT_PAUSES, resets(), "cut")));
    }

    @TestFactory
    Stream<DynamicTest> cellOfALossWithCOverTcp() throws Exception {
        return play(LossPeer.C, "tcp", SHORT_PAUSES);
    }

    @TestFactory
    @Tag("night")
    Stream<DynamicTest> cellOfALossWithCOverAUnixSocket() throws Exception {
        return play(LossPeer.C, "unix", SHORT_PAUSES);
    }

    @TestFactory
    Stream<DynamicTest> cellOfALossWithCOverPipes() throws Exception {
        return play(LossPeer.C, "pipes", SHORT_PAUSES);
    }

    /** All programs at once, since they pause most of the time. */
    @TestFactory
    @Tag("night")
    Stream<DynamicTest> slowCellOfALossWithEachPeerOverEachWay() throws Exception {
        return tests(List.of(
                new Play(LossPeer.PYTHON, "pipes", LONG_PAUSES),
                new Play(LossPeer.PYTHON, "tcp", LONG_PAUSES),
                new Play(LossPeer.PYTHON, "unix", LONG_PAUSES),
                new Play(LossPeer.PYTHON, "tls", LONG_PAUSES),
                new Play(LossPeer.C, "tcp", LONG_PAUSES),
                new Play(LossPeer.C, "unix", LONG_PAUSES)));
    }

    private Stream<DynamicTest> play(LossPeer peer, String kind, Duration maxPause) throws Exception {
        return tests(List.of(new Play(peer, kind, maxPause)));
    }

    private Stream<DynamicTest> tests(List<Play> plays) {
        run(() -> {
            Heddle.group(all -> plays.forEach(each -> all.spawn(() -> each.play())));
            LeftoverCheck.checkTasksAndBuffers();
        });
        return plays.stream().flatMap(Play::tests);
    }

    private static List<LossCell> resets() {
        return LossCell.all().stream().filter(cell -> cell.deed() == LossCell.Deed.RESET).toList();
    }

    /** One run of a program, with a connection for each cell. */
    private final class Play {

        private final String peer;
        private final String kind;
        private final Duration maxPause;
        private final List<LossCell> cells;
        private final String reset;
        private final Path files;
        private final List<String> command;
        private final long seed = Long.getLong("heddle.seed", ThreadLocalRandom.current().nextInt(1_000_000));
        private List<Outcome<Void>> outcomes = List.of();

        Play(LossPeer peer, String kind, Duration maxPause) throws Exception {
            this(peer, kind, maxPause, LossCell.all(), "reset");
        }

        Play(LossPeer peer, String kind, Duration maxPause, List<LossCell> cells, String reset) throws Exception {
            this.peer = peer.toString();
            this.kind = kind;
            this.maxPause = maxPause;
            this.cells = cells;
            this.reset = reset;
            this.files = Files.createTempDirectory(directory, "");
            this.command = peer.command(files);
        }

        void play() throws Exception {
            outcomes = kind.equals("pipes") ? overPipes() : overSockets();
        }

        Stream<DynamicTest> tests() {
            return IntStream.range(0, cells.size())
                    .mapToObj(i -> dynamicTest(
                            peer + " over " + kind + ": " + cells.get(i) + ", seed " + seed,
                            () -> outcomes.get(i).get()));
        }

        private List<String> arguments(String target, Listener controls, int count) {
            List<String> all = new ArrayList<>(command);
            all.addAll(List.of(
                    kind, target, Integer.toString(controls.port()), Integer.toString(count), Long.toString(seed),
                    Long.toString(maxPause.toMillis())));
            return all;
        }

        private List<Outcome<Void>> overSockets() throws Exception {
            Place place = kind.equals("unix") ? Place.in(files) : Place.port();
            var control = new ByteStream[cells.size()];
            var ours = new ByteStream[cells.size()];
            try (Listener listener = place.listen(); Listener controls = Tcp.listen(0)) {
                Program program = Program.start(
                        arguments(place.target(), controls, cells.size()), new byte[0]);
                try (program) {
                    Heddle.gather(
                            () -> accept(controls, control, false),
                            () -> accept(listener, ours, kind.equals("tls")));
                    return play(i -> new PeerLossEnds(control[i], ours[i], reset, !kind.equals("unix")));
                }
            }
        }

        /** A program for each cell, some at a time, whose end breaks the pipes. */
        private List<Outcome<Void>> overPipes() throws Exception {
            var control = new ByteStream[cells.size()];
            List<Subprocess> programs = new ArrayList<>();
            try (Listener controls = Tcp.listen(0)) {
                for (int i = 0; i < cells.size(); i++) {
                    programs.add(Subprocess.start(
                            SubprocessOptions.PIPED, arguments(Integer.toString(i), controls, 1)));
                }
                accept(controls, control, false);
                return play(i -> new PipeLossEnds(control[i], programs.get(i)));
            } finally {
                programs.forEach(Subprocess::close);
            }
        }

        private List<Outcome<Void>> play(IntFunction<PeerLossEnds> ends) {
            List<Task<Void>> tasks = new ArrayList<>();
            for (int i = 0; i < cells.size(); i++) {
                LossCell cell = cells.get(i);
                PeerLossEnds both = ends.apply(i);
                tasks.add(Heddle.spawn(cell.toString(), () -> {
                    try (both) {
                        cell.run(both);
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
