package dev.heddle.examples.guide;

import static dev.heddle.Heddle.*;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.CancelScope;
import dev.heddle.DeadlineExceededException;
import dev.heddle.GroupException;
import dev.heddle.Promise;
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
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
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

    private final List<String> stored = new ArrayList<>();

    private int room = Integer.MAX_VALUE;

    private void store(String line) throws IOException {
        sleep(Duration.ofMillis(1));
        if (stored.size() == room) {
            throw new IOException("disk full");
        }
        stored.add(line);
    }

    private void passOn(Channel<String> source) {
        Channel<String> lines = Channel.of(10);
        group(g -> {
            g.spawn("read", () -> {
                CancelScope.open(reading -> {
                    g.spawnService("stop", () -> {
                        try (Signals signals = Signals.receive("TERM", "INT")) {
                            reading.cancel(signals.take());
                        }
                    });
                    for (String line : source) {                                  // cancelled: nothing is taken
                        shield(() -> lines.send(line));                           // taken: it goes on
                    }
                });
                lines.close();
            });
            g.spawn("store", () -> {
                try (Receiver<String> mine = lines.receiver()) {                  // if it fails, no sender waits for it
                    for (String line : mine) {                                    // ends after the last line
                        store(line);
                    }
                }
            });
        });
    }

    @Test
    void pipelineFinishesWhatItHasTaken() {
        List<String> sent = new ArrayList<>();
        run(() -> {
            Channel<String> source = Channel.of(0);
            spawn(() -> {
                for (int i = 0; true; i++) {
                    source.send("line " + i);
                    sent.add("line " + i);
                }
            });
            spawn(() -> {
                sleep(Duration.ofMillis(100));
                Subprocess.run("kill", "-TERM", Long.toString(ProcessHandle.current().pid())).check();
            });
            passOn(source);
        });
        assertFalse(sent.isEmpty());
        assertEquals(sent, stored);
    }

    /** The send is under a shield, and its channel is full: nothing but the receiver's end can end it. */
    @Test
    void pipelineEndsWhenItsLastStageFails() {
        room = 3;
        GroupException failed = assertThrows(GroupException.class, () -> run(() -> {
            Channel<String> source = Channel.of(100);
            for (int i = 0; i < 100; i++) {
                source.send("line " + i);
            }
            passOn(source);
        }));
        assertEquals("disk full", failed.firstOf(IOException.class).orElseThrow().getMessage());
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
