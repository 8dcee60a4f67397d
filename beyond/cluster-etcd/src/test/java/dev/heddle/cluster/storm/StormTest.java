package dev.heddle.cluster.storm;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.heddle.cluster.storm.Storm.Engine;
import dev.heddle.cluster.storm.Storm.Strike;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The short form of each storm over a cluster's own store; {@code -Pstorm} has the long one. */
@Tag("night")
final class StormTest extends ShortStorm {

    @Test
    void workGoesOnWhenANodeWithItsServerIsKilledAndACableIsPulled() throws Exception {
        assumeTrue(Cables.canBeLaid(), "no namespaces of the network for this user");
        weathers(Engine.EMBEDDED, SHORT, 1, Strike.KILL, Strike.CABLE);
    }
}
