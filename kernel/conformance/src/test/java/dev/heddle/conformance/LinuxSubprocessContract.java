package dev.heddle.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.engine.Stdio;
import dev.heddle.os.Subprocess;
import dev.heddle.os.SubprocessOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engines of Linux do beyond the portable one. */
abstract class LinuxSubprocessContract extends SubprocessContract {

    @Test
    void childHasNoSignalBlockedOrIgnored() {
        run(() -> {
            List<String> sets = Subprocess.run("grep", "-E", "^Sig(Blk|Ign)", "/proc/self/status")
                    .check()
                    .text()
                    .lines()
                    .map(line -> line.substring(line.indexOf(':') + 1).strip())
                    .toList();

            assertEquals(List.of("0000000000000000", "0000000000000000"), sets);
        });
    }

    @Test
    void flagOfTheCoreFileIsWhatTheShellIsToldToo() {
        run(() -> {
            Path directory = Files.createTempDirectory("heddle");
            SubprocessOptions options = SubprocessOptions.DEFAULT.withDirectory(directory);
            for (String limit : List.of("0", "unlimited")) {
                String crash = "ulimit -S -c " + limit + " 2>/dev/null; kill -SEGV $$";
                Subprocess.Result mine = Subprocess.run(options, "/bin/sh", "-c", crash);
                Subprocess.Result shells = Subprocess.run(options, "/bin/sh", "-c",
                        "/bin/sh -c '" + crash + "'; exit 0");

                assertEquals(11, mine.status().signal());
                assertEquals(
                        shells.errorText().contains("core dumped"), mine.status().coreDumped(), shells.errorText());
            }
            try (var left = Files.list(directory)) {
                for (Path file : left.toList()) {
                    Files.delete(file);
                }
            }
            Files.delete(directory);
        });
    }

    @Test
    void processThatOutlivesItsLoopLeavesNoZombie() throws Exception {
        long children = ProcessHandle.current().children().count();
        run(() -> Subprocess.start("sleep", "0.05"));

        for (int i = 0; ProcessHandle.current().children().count() > children; i++) {
            assertTrue(i < 2_000, "a zombie is left");
            Thread.sleep(5);
        }
    }

    @Test
    void streamsOfThisProcessAreInherited() {
        run(() -> {
            SubprocessOptions options = SubprocessOptions.DEFAULT.withStdin(Stdio.INHERIT).withStdout(Stdio.INHERIT);
            String mine = Files.readSymbolicLink(Path.of("/proc/self/fd/1")).toString();
            Subprocess.Result result = Subprocess.shell(options, "where=$(readlink /proc/$$/fd/1); echo $where >&2");

            assertEquals(mine, result.check().errorText().strip());
        });
    }
}
