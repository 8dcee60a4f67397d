package dev.heddle.cluster.sql.sim;

import dev.heddle.cluster.ClusterDay;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The bad days of a cluster, on a simulated database whose standby is synchronous. */
@Tag("night")
final class ClusterDayOnSqlTest {

    @Test
    @Tag("full")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void allPromisesOfAClusterAreKeptOnBadDays() {
        ClusterDay.seeds(Long.getLong("heddle.seed", 1), Integer.getInteger("heddle.seeds", 5), SqlDayStore::new);
        System.out.println(ClusterDay.happened());
    }
}
