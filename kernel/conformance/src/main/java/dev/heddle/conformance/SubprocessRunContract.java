package dev.heddle.conformance;

import static dev.heddle.conformance.SubprocessFixture.message;
import static dev.heddle.conformance.SubprocessFixture.sh;
import static dev.heddle.conformance.SubprocessFixture.withFile;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BrokenException;
import dev.heddle.Heddle;
import dev.heddle.engine.Stdio;
import dev.heddle.io.LimitExceededException;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessFailedException;
import dev.heddle.os.SubprocessOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The contract of commands that are run to their end. */
interface SubprocessRunContract extends SubprocessFixture {

    SubprocessOptions DEFAULT = SubprocessOptions.DEFAULT;

    @Test
    default void runGivesBothOutputsAndTheExitCode() {
        run(() -> {
            Subprocess.Result result = Subprocess.run("/bin/sh", "-c", "echo out; echo err >&2; exit 3");

            assertEquals("out\n", result.text());
            assertEquals("err\n", result.errorText());
            assertEquals(3, result.code());
            assertFalse(result.status().isKilled());
            assertTrue(result.outputEnded());
        });
    }

    @Test
    default void eachExitCodeIsReportedExactly() {
        run(() -> {
            List<Integer> codes = IntStream.rangeClosed(0, 255).boxed().toList();

            assertEquals(codes, Heddle.map(codes, 8, code -> Subprocess.run(DEFAULT, sh("exit " + code)).code()));
        });
    }

    @Test
    default void signalIsReportedExactly() {
        run(() -> {
            for (int signal : List.of(6, 9, 10, 15)) { // not 1, which a program under nohup ignores
                Subprocess.Result result = Subprocess.run(DEFAULT, sh("ulimit -c 0; kill -" + signal + " $$"));

                assertEquals(128 + signal, result.code());
                assertEquals(tellsSignals() ? signal : 0, result.status().signal());
                assertThrows(SubprocessFailedException.class, result::check);
            }
        });
    }

    @Test
    default void communicateBehindOneThatWasCutOffInsideTheInputFails() {
        run(() -> {
            byte[] input = new byte[1_000_000];
            try (Subprocess process = Subprocess.start(DEFAULT.withInput(input), sh("sleep 5; wc -c"))) {
                assertTrue(Heddle.moveOnAfter(Duration.ofMillis(50), process::communicate).isEmpty());

                assertThrows(BrokenException.class, process::communicate);
            }
        });
    }

    @Test
    default void communicateGoesOnBehindOneThatWasCutOffWhileTheProcessReadsNoMore() {
        run(() -> {
            byte[] input = new byte[1_000_000];
            try (Subprocess process = Subprocess.start(
                    DEFAULT.withInput(input), sh("exec 0<&-; sleep 0.3; echo done"))) {
                assertTrue(Heddle.moveOnAfter(Duration.ofMillis(100), process::communicate).isEmpty());

                assertEquals("done\n", process.communicate().check().text());
            }
        });
    }

    @Test
    default void argumentsReachTheProgramAsTheyAre() {
        run(() -> {
            Subprocess.Result result = Subprocess.run(
                    "printf", "%s|", "", "two words", "\"'", "$HOME *", "a\nb", "\\", "ünï", "--", "😀");

            assertEquals("|two words|\"'|$HOME *|a\nb|\\|ünï|--|😀|", result.check().text());
        });
    }

    @Test
    default void environmentIsThatOfThisProcessWithItsChanges() {
        run(() -> {
            String path = System.getenv("PATH");
            SubprocessOptions options = DEFAULT.withVariable("HEDDLE_A", "1 2").withoutVariable("HOME");

            assertEquals(
                    "1 2," + path + ",none\n",
                    Subprocess.shell(options, "echo \"$HEDDLE_A,$PATH,${HOME-none}\"").check().text());
            assertEquals(
                    "ONLY=x\n",
                    Subprocess.run(DEFAULT.withEnvironment(Map.of("ONLY", "x")), "/usr/bin/env").check().text());
        });
    }

    @Test
    default void directoryIsWhereItStartsAndWhereItsProgramIsLookedFor() {
        run(() -> {
            Path directory = Files.createTempDirectory("heddle").toRealPath();
            Path script = Files.writeString(directory.resolve("hello"), "#!/bin/sh\npwd\n");
            try {
                assertTrue(script.toFile().setExecutable(true));
                SubprocessOptions options = DEFAULT.withDirectory(directory);

                assertEquals(directory + "\n", Subprocess.run(options, "pwd").check().text());
                assertEquals(directory + "\n", Subprocess.run(options, "./hello").check().text());
                assertEquals(
                        directory + "\n",
                        Subprocess.run(options.withVariable("PATH", directory.toString()), "hello").check().text());
            } finally {
                Files.delete(script);
                Files.delete(directory);
            }
        });
    }

    @Test
    default void nothingIsThereToReadIfNoInputIsGiven() {
        run(() -> assertEquals("", Subprocess.run("cat").check().text()));
    }

    @Test
    default void moreThanPipesHoldGoesBothWaysAtOnce() {
        run(() -> {
            byte[] input = Fixtures.noise(4 * 1024 * 1024, 1);

            assertArrayEquals(input, Subprocess.run(DEFAULT.withInput(input), "cat").check().stdout());
        });
    }

    @Test
    default void bothOutputsFillAtOnce() {
        run(() -> {
            Subprocess.Result result = Subprocess.shell("head -c 1000000 /dev/zero >&2; head -c 1000000 /dev/zero")
                    .check();

            assertEquals(1_000_000, result.stdout().length);
            assertEquals(1_000_000, result.stderr().length);
        });
    }

    @Test
    default void processThatDoesNotReadItsInputIsNoFailure() {
        run(() -> {
            SubprocessOptions options = DEFAULT.withInput(new byte[4 * 1024 * 1024]);

            assertEquals("done\n", Subprocess.run(options, "echo", "done").check().text());
        });
    }

    @Test
    default void boundOfTheOutputIsExact() {
        run(() -> {
            List<String> thousand = List.of("head", "-c", "1000", "/dev/zero");

            assertEquals(1000, Subprocess.run(DEFAULT.withMaxOutput(1000), thousand).check().stdout().length);
            LimitExceededException e = assertThrows(
                    LimitExceededException.class, () -> Subprocess.run(DEFAULT.withMaxOutput(999), thousand));
            assertEquals(999, e.limit());
            assertTrue(message(e).contains("the output of process"), message(e));
        });
    }

    @Test
    default void processThatWritesForEverIsKilledAtTheBound() {
        run(() -> {
            assertThrows(
                    LimitExceededException.class, () -> Subprocess.run(DEFAULT.withMaxOutput(100_000), "yes"));
            assertThrows(
                    LimitExceededException.class,
                    () -> Subprocess.run(DEFAULT.withMaxOutput(0), sh("echo x >&2; exec sleep 100")));
        });
    }

    @Test
    default void muchOutputIsDrainedAndItsTailKept() {
        run(() -> {
            int mebibytes = Integer.getInteger("heddle.process.mebibytes", 64);
            Subprocess.Result result = Subprocess.shell(
                    DEFAULT.withTail(10), "head -c " + mebibytes + "M /dev/zero >&2; echo 123456789x >&2").check();

            assertEquals("23456789x\n", result.errorText());
            assertEquals("", result.text());
        });
    }

    @Test
    default void failureShowsItsStatusAndTheLastLinesOfTheErrors() {
        run(() -> {
            Subprocess.Result result = Subprocess.run(DEFAULT, sh("seq 1 100 >&2; exit 2"));
            SubprocessFailedException e = assertThrows(SubprocessFailedException.class, result::check);

            assertEquals("/bin/sh: exit code 2:\n91\n92\n93\n94\n95\n96\n97\n98\n99\n100", message(e));
            assertSame(result, e.result());
            assertEquals(2, e.status().code());
            assertEquals(
                    "false: exit code 1",
                    assertThrows(SubprocessFailedException.class, () -> Subprocess.run("false").check()).getMessage());
        });
    }

    @Test
    default void shellIsAskedForByName() {
        run(() -> assertEquals("bbb\n", Subprocess.shell("echo aaa | tr a b").check().text()));
    }

    @Test
    default void streamsLeadToFilesAndIntoEachOther() {
        run(() -> withFile("", file -> {
            Subprocess.run(DEFAULT.withStdout(Stdio.file(file)), "echo", "first");
            assertEquals("first\n", Files.readString(file));
            Subprocess.run(DEFAULT.withStdout(Stdio.file(file)), "echo", "2");
            assertEquals("2\n", Files.readString(file));
            Subprocess.run(DEFAULT.withStdout(Stdio.appendTo(file)), "echo", "3");
            assertEquals("2\n3\n", Files.readString(file));
            assertEquals("2\n3\n", Subprocess.run(DEFAULT.withStdin(Stdio.file(file)), "cat").text());
            Subprocess.Result merged = Subprocess.shell(
                    DEFAULT.withStderr(Stdio.MERGE), "echo a; echo b >&2; echo c");
            assertEquals("a\nb\nc\n", merged.text());
            assertEquals("", merged.errorText());
            Subprocess.Result discarded = Subprocess.shell(
                    DEFAULT.withStdout(Stdio.DISCARD).withStderr(Stdio.DISCARD), "echo a; echo b >&2");
            assertEquals("", discarded.check().text() + discarded.errorText());
        }));
    }

    @Test
    default void grandchildThatKeepsTheOutputOpenDoesNotHoldTheCallForEver() {
        run(() -> {
            // Only threads that move the bytes need time for what is in the pipe already.
            SubprocessOptions options = DEFAULT.withDrain(Duration.ofMillis(readsBeyondTheEnd() ? 20 : 1_000));
            Subprocess.Result result = Subprocess.shell(options, "sleep 3 & seq 1 5000; exit 4");

            assertEquals(4, result.code());
            assertTrue(!readsBeyondTheEnd() || !result.outputEnded());
            assertEquals("5000", result.text().lines().toList().getLast());
        });
    }

    @Test
    default void whatAGrandchildWritesWithinTheDrainIsCollected() {
        run(() -> {
            SubprocessOptions options = DEFAULT.withDrain(Duration.ofSeconds(30));

            Subprocess.Result result = Subprocess.shell(options, "(sleep 0.05; echo late) & echo early");

            assertTrue(result.text().startsWith("early\n"), result.text());
            if (readsBeyondTheEnd()) {
                assertEquals("early\nlate\n", result.text());
                assertTrue(result.outputEnded());
            }
        });
    }

    @Test
    default void manyRunAtOnce() {
        run(() -> {
            List<Integer> numbers = IntStream.range(0, 40).boxed().toList();

            assertEquals(numbers, Heddle.map(numbers, 40, n -> Integer.valueOf(
                    Subprocess.run(DEFAULT.withInput(n.toString()), "cat").text())));
        });
    }
}
