package dev.heddle.cluster.sql.sim;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Sessions on a simulated database keep all promises on bad days; with {@code -Pseeds} on as many as one likes. */
final class SqlDayTest {

    private static final int QUICK = 4;

    @Test
    void allPromisesAreKeptOnBadDays() {
        SqlDay.seeds(1, QUICK);
    }

    @Test
    @Tag("night")
    @Timeout(value = 12, unit = TimeUnit.HOURS)
    void allPromisesAreKeptOnManyBadDays() {
        SqlDay.seeds(Long.getLong("heddle.seed", 1_000), Integer.getInteger("heddle.seeds", 150));
        System.out.println(SqlDay.happened());
    }

    /** On these days another session ends one that is cut off, a standby is promoted that lacks the end, and it goes on. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1281, 1343})
    void sessionMayGoOnWhoseEndWasLostWithItsServer(long seed) {
        SqlDay.day(seed);
    }

    /**
     * On this day a session is begun by a try without an answer. The others count from that one, until the next try shows
     * that it lives, just before their time is up.
     */
    @Test
    void sessionThatWasBegunWithoutAnAnswerIsCountedFromTheNextTry() {
        SqlDay.day(108_536);
    }

    @Test
    void dayOfASeedComesAgain() {
        assertEquals(SqlDay.day(1), SqlDay.day(1));
    }
}
