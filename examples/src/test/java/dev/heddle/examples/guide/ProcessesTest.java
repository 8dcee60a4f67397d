package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.DeadlineExceededException;
import dev.heddle.Promise;
import dev.heddle.Task;
import dev.heddle.engine.Stdio;
import dev.heddle.examples.Output;
import dev.heddle.io.ByteStream;
import dev.heddle.os.ProgressBar;
import dev.heddle.os.Signals;
import dev.heddle.os.StandardStreams;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessFailedException;
import dev.heddle.os.SubprocessOptions;
import dev.heddle.sim.Sim;
import dev.heddle.sync.Channel;
import dev.heddle.sync.Receiver;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The code of the guide's chapter on processes and signals. */
final class ProcessesTest {

    @Test
    void commandIsRunToItsEnd() {
        List<String> lines = Output.of(() -> run(() -> {
            String text = Subprocess.run("echo", "two words").check().text();
            IO.println(text.strip());

            Subprocess.Result result = Subprocess.run("grep", "needle", "/dev/null");
            if (result.code() == 1) {
                IO.println("nothing found");
            }
        }));
        assertEquals(List.of("two words", "nothing found"), lines);
    }

    @Test
    void failureShowsWhatTheProcessSaid() {
        run(() -> {
            assertThrows(SubprocessFailedException.class, () -> {
                Subprocess.run("ls", "/no/such/file").check();        // ls: exit code 2: ... No such file or directory
            });
        });
    }

    @Test
    void optionsSayHow() throws Exception {
        Path file = Files.createTempFile("heddle", "");
        try {
            run(() -> {
                SubprocessOptions options = SubprocessOptions.DEFAULT
                        .withDirectory(Path.of("/tmp"))
                        .withVariable("LC_ALL", "C")
                        .withInput("b\na\n")
                        .withStderr(Stdio.INHERIT)
                        .withMaxOutput(1_000_000);
                assertEquals("a\nb\n", Subprocess.run(options, "sort").check().text());

                Subprocess.run(SubprocessOptions.DEFAULT.withStdout(Stdio.file(file)), "date").check();
            });
            assertTrue(Files.size(file) > 0);
        } finally {
            Files.delete(file);
        }
    }

    @Test
    void shellTakesValuesAsVariables() {
        run(() -> {
            String name = "; rm -rf *";
            SubprocessOptions options = SubprocessOptions.DEFAULT.withVariable("NAME", name);
            String counted = Subprocess.shell(options, "echo \"$NAME\" | wc -c").check().text();
            assertEquals("11", counted.strip());
        });
    }

    @Test
    void processIsTalkedTo() {
        List<String> lines = Output.of(() -> run(() -> {
            try (Subprocess cat = Subprocess.start("cat")) {
                cat.stdin().write("hello\n");
                IO.println(cat.stdout().readLine(1_000).orElseThrow());

                cat.stdin().closeOutput();                                // the end of its input
                IO.println(cat.await());                                  // exit code 0
            }
        }));
        assertEquals(List.of("hello", "exit code 0"), lines);
    }

    @Test
    void timeoutEndsTheProcess() {
        run(() -> {
            assertThrows(DeadlineExceededException.class, () -> {
                timeout(Duration.ofMillis(50), () -> {
                    Subprocess.run("sleep", "100");
                });
            });
        });
    }

    private final Promise<String> reloaded = new Promise<>();

    private String reload() {
        reloaded.complete("reloaded");
        return "reloaded";
    }

    @Test
    void signalsComeToATask() {
        List<String> lines = Output.of(() -> run(() -> {
            var reloading = spawn(() -> {
                try (Signals signals = Signals.receive("HUP")) {
                    for (String signal : signals) {
                        IO.println(signal + ": " + reload());
                    }
                }
            });
            checkpoint();
            String self = Long.toString(ProcessHandle.current().pid());
            Subprocess.run("kill", "-HUP", self).check();
            reloaded.join();
            checkpoint();
            reloading.cancel("enough");
        }));
        assertEquals(List.of("HUP: reloaded"), lines);
    }

    private static void pipeline(Channel<String> source, Consumer<Integer> store) {
        Channel<String> lines = Channel.of(10);
        Channel<Integer> lengths = Channel.of(10);
        group(g -> {
            g.spawn("take", () -> {
                try {
                    for (String line : source) {                // the cancel ends this wait
                        shield(() -> lines.send(line));         // and not this one: the line is taken in
                    }
                } finally {
                    lines.close();                              // the next stage ends when it has the rest
                }
            });
            g.spawn("measure", () -> shield(() -> {
                try (Receiver<String> mine = lines.receiver()) {   // should this stage fail, no sender waits for it
                    for (String line : mine) {
                        lengths.send(line.length());
                    }
                } finally {
                    lengths.close();
                }
            }));
            g.spawn("store", () -> shield(() -> {
                try (Receiver<Integer> mine = lengths.receiver()) {
                    mine.forEach(store);
                }
            }));
        });
    }

    @Test
    void stopFinishesWhatWasTakenIn() {
        Sim.seeds(1, 100, () -> {
            Channel<String> source = Channel.of(0);
            List<Integer> sent = new ArrayList<>();
            List<Integer> stored = new ArrayList<>();
            spawn(() -> {
                for (int length = 1; true; length++) {
                    source.send("x".repeat(length));
                    sent.add(length);
                }
            });
            Task<Void> pipeline = spawn(() -> pipeline(source, length -> {
                sleep(Duration.ofMillis(100));
                stored.add(length);
            }));
            sleep(Sim.current().random().upTo(Duration.ofSeconds(5)));
            pipeline.cancel("SIGTERM");
            pipeline.awaitOutcome();
            assertEquals(sent, stored);
        });
    }

    @Test
    void progressIsCounted() {
        Sim.run(() -> {
            List<String> urls = List.of("a", "b", "c");
            var time = measureTime(() -> {
                try (ProgressBar bar = ProgressBar.open("pages", urls.size())) {
                    List<String> pages = map(urls, 100, url -> bar.count(() -> fetch(url)));
                    bar.print("the first page has " + pages.getFirst().length() + " characters");   // above the bar
                }
            });
            assertEquals(Duration.ofSeconds(1), time);
        });
    }

    private static String fetch(String url) {
        sleep(Duration.ofSeconds(1));
        return "page " + url;
    }

    /** Never run here: the standard input is the test runner's. */
    static void shout() {
        ByteStream in = StandardStreams.in();
        for (Optional<String> line = in.readLine(1_000); line.isPresent(); line = in.readLine(1_000)) {
            StandardStreams.out().write(line.get().toUpperCase() + "\n");
        }
    }

    @Test
    void standardStreamsAreOpen() {
        run(() -> assertFalse(StandardStreams.out().localAddress().isEmpty()));
    }
}
