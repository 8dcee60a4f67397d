package dev.heddle.cluster;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Whatever a program says of what nodes share, the next version of it says otherwise without stopping the cluster. */
final class ClusterYearTest {

    @Test
    @Tag("full")
    void someWeeksOfDeploysGoWell() throws Exception {
        ClusterYear.live(1, 5);
    }

    @Test
    @Tag("night")
    @Timeout(value = 20, unit = TimeUnit.MINUTES)
    void yearOfDeploysGoesWell() throws Exception {
        ClusterYear.live(Integer.getInteger("from", 2), 52);
    }
}
