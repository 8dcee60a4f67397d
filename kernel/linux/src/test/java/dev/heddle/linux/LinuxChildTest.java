package dev.heddle.linux;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Child;
import dev.heddle.engine.ExitStatus;
import dev.heddle.engine.SpawnRequest;
import dev.heddle.engine.SpawningEngine;
import dev.heddle.engine.Stdio;
import dev.heddle.linux.internal.SyscallNumbers;
import dev.heddle.linux.internal.SystemCalls;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A child of an engine of Linux whose end is not only the engine's affair. */
final class LinuxChildTest {

    private static final int P_PID = 1;
    private static final int WEXITED = 0x4;
    private static final int SIGKILL = 9;

    private static Child start(String line, boolean ownGroup, boolean detached) throws Exception {
        var request = new SpawnRequest(Path.of("/bin/sh"), List.of("sh", "-c", line), Path.of(""), Map.of(),
                Stdio.PIPE, Stdio.DISCARD, Stdio.DISCARD, ownGroup, detached);
        return SpawningEngine.of(Heddle.currentLoop().engine()).spawn(request);
    }

    private static void run(dev.heddle.Action body) {
        Heddle.run(Config.DEFAULT.withEngine(EpollEngine::new), body);
    }

    @Test
    void statusThatSomebodyElseHasTakenIsUnknown() {
        run(() -> {
            Child child = start("read line; exit 3", false, false);
            child.stdin().orElseThrow().close();
            // Keeps the loop, so that it cannot be quicker.
            assertEquals(0, SystemCalls.anyThread(SyscallNumbers.WAITID, P_PID, child.pid(), 0, WEXITED, 0, 0));
            ExitStatus status = child.await();
            assertEquals(ExitStatus.UNKNOWN, status);
            assertFalse(status.isKnown() || status.isSuccess() || status.isKilled());
            child.close();
        });
    }

    /** The number of the process, which is that of its group, may then be another's. */
    @Test
    void nothingIsSignalledOnceSomebodyElseHasTakenTheStatus(@TempDir Path directory) {
        Path left = directory.resolve("left");
        run(() -> {
            Child child = start("sleep 100 & echo $! >" + left, true, false);
            assertEquals(0, SystemCalls.anyThread(SyscallNumbers.WAITID, P_PID, child.pid(), 0, WEXITED, 0, 0));
            long number = Long.parseLong(Files.readString(left).strip());
            ProcessHandle member = ProcessHandle.of(number).orElseThrow();
            child.signal(SIGKILL);
            assertEquals(ExitStatus.UNKNOWN, child.await());
            child.signal(SIGKILL);
            child.close();
            String state = Files.readString(Path.of("/proc/" + number + "/stat"));
            assertFalse(state.contains(") Z"), state);
            assertTrue(member.destroyForcibly());
        });
    }

    @Test
    void childThatNobodyClosedEndsWithItsLoopAndADetachedOneDoesNot() throws Exception {
        ProcessHandle[] handles = new ProcessHandle[2];
        run(() -> {
            for (int i = 0; i < 2; i++) {
                handles[i] = ProcessHandle.of(start("exec sleep 100", false, i == 1).pid()).orElseThrow();
            }
        });
        handles[0].onExit().get();
        assertTrue(handles[1].isAlive());
        handles[1].destroyForcibly();
        handles[1].onExit().get();
    }
}
