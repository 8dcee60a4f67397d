package dev.heddle.cluster.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Plan;
import dev.heddle.cluster.storm.Storm.Strike;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** What the short forms of storms have in common. */
@Timeout(300)
abstract class ShortStorm {

    /** A session that is worth waiting for its end. */
    static final long SHORT = 3000;

    /** A session that no busy machine ends. */
    static final long LONG = 10_000;

    @TempDir
    private static Path classes;

    private static StormJvm jvm;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @BeforeAll
    static void pack() throws IOException {
        jvm = new StormJvm(classes);
    }

    final void weathers(Engine engine, long timeout, int rounds, Strike... strikes) throws Exception {
        Findings findings = Storm.run(jvm, new Plan(engine, List.of(strikes), rounds, 200, 10_000, timeout), folder);
        assertEquals(List.of(), findings.problems(), findings::toString);
        assertTrue(findings.maps() > 0 && findings.jobs() > 0, findings::toString);
    }
}
