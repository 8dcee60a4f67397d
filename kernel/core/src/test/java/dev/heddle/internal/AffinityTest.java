package dev.heddle.internal;

import static dev.heddle.Heddle.currentLoop;
import static dev.heddle.Heddle.offload;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.WorkerPool;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** Threads of loops are pinned to processors, where there are any to pin to. */
@EnabledOnOs(OS.LINUX)
final class AffinityTest {

    private final BitSet all = Affinity.current();
    private final int[] cpus = all.stream().toArray();

    @Test
    void loopsArePinnedToTheirCpusByTurns() {
        Heddle.run(Config.DEFAULT.withLoops(cpus.length + 1).withCpus(cpus), () -> {
            List<Task<BitSet>> pins = new ArrayList<>();
            for (Loop loop : currentLoop().siblings()) {
                pins.add(loop.spawn(Affinity::current));
            }
            for (int i = 0; i < pins.size(); i++) {
                assertEquals(BitSet.valueOf(new long[]{1L << cpus[i % cpus.length]}), pins.get(i).join());
            }
        });
        assertEquals(all, Affinity.current(), "the caller's own thread is left alone");
    }

    @Test
    void workersOfAPinnedLoopAreFree() {
        Heddle.run(Config.DEFAULT.withCpus(cpus[0]), () -> {
            try (WorkerPool pool = WorkerPool.of(1)) {
                assertEquals(all, pool.<BitSet>call(Affinity::current));
            }
            assertEquals(all, Heddle.<BitSet>offload(Affinity::current));
        });
    }

    @Test
    void cpuThatIsNotThereIsRefusedWithWords() {
        Config config = Config.DEFAULT.withCpus(9999);
        String message = assertThrows(IllegalStateException.class, () -> Loop.start(config)).getMessage();
        assertTrue(message.startsWith("CPU 9999 is not there for this process; it may use {"), message);
        assertThrows(IllegalStateException.class, () -> Heddle.run(config, () -> "never"));
        assertThrows(IllegalArgumentException.class, () -> Config.DEFAULT.withCpus(-1));
    }

    @Test
    void withoutCpusNothingIsPinned() {
        Heddle.run(() -> assertEquals(all, Affinity.current()));
        Heddle.run(() -> offload(() -> assertEquals(all, Affinity.current())));
    }
}
