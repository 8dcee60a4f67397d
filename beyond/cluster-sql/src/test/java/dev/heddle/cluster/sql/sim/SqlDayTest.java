package dev.heddle.cluster.sql.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Sessions on a simulated database keep all promises on bad days; with {@code -Pseeds} on as many as one likes. */
final class SqlDayTest {

    private static final int QUICK = 4;

    @Test
    void allPromisesAreKeptOnBadDays() {
        SqlDay.seeds(1, QUICK);
    }

    @Test
    @Tag("full")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void allPromisesAreKeptOnManyBadDays() {
        SqlDay.seeds(Long.getLong("heddle.seed", 1_000), Integer.getInteger("heddle.seeds", 1_000));
        System.out.println(SqlDay.happened());
    }

    @Test
    void dayOfASeedComesAgain() {
        assertEquals(SqlDay.day(1), SqlDay.day(1));
    }
}
