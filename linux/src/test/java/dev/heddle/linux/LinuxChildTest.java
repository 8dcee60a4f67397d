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
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A child of an engine of Linux whose end is not only the engine's affair. */
final class LinuxChildTest {

    private static final int P_PID = 1;
    private static final int WEXITED = 0x4;

    private static Child start(String line, boolean detached) throws Exception {
        var request = new SpawnRequest(Path.of("/bin/sh"), List.of("sh", "-c", line), Path.of(""), Map.of(),
                Stdio.PIPE, Stdio.DISCARD, Stdio.DISCARD, false, detached);
        return SpawningEngine.of(Heddle.currentLoop().engine()).spawn(request);
    }

    private static void run(dev.heddle.Action body) {
        Heddle.run(Config.DEFAULT.withEngine(EpollEngine::new), body);
    }

    @Test
    void statusThatSomebodyElseHasTakenIsUnknown() {
        run(() -> {
            Child child = start("read line; exit 3", false);
            child.stdin().orElseThrow().close();
            // Keeps the loop, so that it cannot be quicker.
            assertEquals(0, Kernel.anyThread(SyscallNumbers.WAITID, P_PID, child.pid(), 0, WEXITED, 0, 0));
            ExitStatus status = child.await();
            assertEquals(ExitStatus.UNKNOWN, status);
            assertFalse(status.isKnown() || status.isSuccess() || status.isKilled());
            child.close();
        });
    }

    @Test
    void childThatNobodyClosedEndsWithItsLoopAndADetachedOneDoesNot() throws Exception {
        ProcessHandle[] handles = new ProcessHandle[2];
        run(() -> {
            for (int i = 0; i < 2; i++) {
                handles[i] = ProcessHandle.of(start("exec sleep 100", i == 1).pid()).orElseThrow();
            }
        });
        handles[0].onExit().get();
        assertTrue(handles[1].isAlive());
        handles[1].destroyForcibly();
        handles[1].onExit().get();
    }
}
