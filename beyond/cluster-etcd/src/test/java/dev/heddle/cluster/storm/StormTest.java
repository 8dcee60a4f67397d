package dev.heddle.cluster.storm;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Plan;
import dev.heddle.cluster.storm.Storm.Strike;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.CleanupMode;
import org.junit.jupiter.api.io.TempDir;

/** The short form of each storm; {@code -Pstorm} has the long one. */
@Tag("full")
@Timeout(300)
final class StormTest {

    /** A session that is worth waiting for its end. */
    private static final long SHORT = 3000;

    /** A session that no busy machine ends. */
    private static final long LONG = 10_000;

    @TempDir
    private static Path classes;

    private static StormJvm jvm;

    @TempDir(cleanup = CleanupMode.ON_SUCCESS)
    private Path folder;

    @BeforeAll
    static void pack() throws IOException {
        jvm = new StormJvm(classes);
    }

    private void weathers(Engine engine, long timeout, int rounds, Strike... strikes) throws Exception {
        Findings findings = Storm.run(jvm, new Plan(engine, List.of(strikes), rounds, 200, 10_000, timeout), folder);
        assertEquals(List.of(), findings.problems(), findings::toString);
        assertTrue(findings.maps() > 0 && findings.jobs() > 0, findings::toString);
    }

    @Test
    void workGoesOnWhenANodeWithItsServerIsKilledAndACableIsPulled() throws Exception {
        assumeTrue(Cables.canBeLaid(), "no namespaces of the network for this user");
        weathers(Engine.EMBEDDED, SHORT, 1, Strike.KILL, Strike.CABLE);
    }

    @Test
    void workGoesOnAndAnOldTokenIsRefusedWhenANodeAndAServerAreStoppedForLongerThanALease() throws Exception {
        weathers(Engine.ZOOKEEPER, SHORT, 2, Strike.STOP);
    }

    @Test
    void workGoesOnWhenNodesAreCutOffAndKilled() throws Exception {
        assumeTrue(Files.isExecutable(Path.of("/usr/bin/etcd")), "etcd is not installed");
        weathers(Engine.ETCD, SHORT, 1, Strike.CUT, Strike.KILL);
    }

    @Test
    void workGoesOnWhenADatabaseIsKilledAndItsStandbyIsPromoted() throws Exception {
        weathers(Engine.POSTGRES, SHORT, 2, Strike.FAIL_OVER, Strike.KILL);
    }

    @Test
    void restartOfAllNodesByTurnsAsAnotherVersionLosesAndDoublesNothing() throws Exception {
        weathers(Engine.EMBEDDED, LONG, 1, Strike.RESTART);
    }
}
