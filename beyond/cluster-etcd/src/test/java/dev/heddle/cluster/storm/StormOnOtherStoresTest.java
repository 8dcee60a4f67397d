package dev.heddle.cluster.storm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Strike;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The same over stores of others. A class of its own, so that it runs beside that one. */
@Tag("night")
final class StormOnOtherStoresTest extends ShortStorm {

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
}
