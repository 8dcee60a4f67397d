package dev.heddle.sim;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Histories that are as they should be, and bad ones that are found. */
final class HistoriesTest {

    private final RegisterHistory<String> register = new RegisterHistory<>("start");

    private void assertBad() {
        AssertionError found = assertThrows(AssertionError.class, register::check);
        assertTrue(found.getMessage().contains("no order explains"), found::getMessage);
    }

    @Test
    void readsOfWhatWasWrittenLastAreExplained() {
        register.read().gave("start");
        register.write("a").done();
        register.read().gave("a");
        register.exchange("a", "b").done();
        register.exchange("a", "c").refused();
        register.read().gave("b");
        register.check();
    }

    @Test
    void readOfAnOldValueIsFound() {
        register.write("a").done();
        register.write("b").done();
        register.read().gave("a");
        assertBad();
    }

    @Test
    void lostWriteIsFound() {
        register.write("a").done();
        register.read().gave("start");
        assertBad();
    }

    @Test
    void readOfWhatNobodyWroteIsFound() {
        register.read().gave("a");
        register.write("a").done();
        assertBad();
    }

    @Test
    void readsThatOverlapAWriteShowItOrNotButNeverGoBack() {
        var write = register.write("a");
        register.read().gave("start");
        register.read().gave("a");
        register.check();
        register.read().gave("start");
        write.done();
        assertBad();
    }

    @Test
    void overlappingReadsMayComeInAnyOrder() {
        var write = register.write("a");
        var first = register.read();
        var second = register.read();
        first.gave("a");
        second.gave("start");
        write.done();
        register.check();
    }

    @Test
    void writeOfUnknownOutcomeHasTakenPlaceOrNot() {
        register.write("a");
        register.read().gave("start");
        register.check();
        register.read().gave("a");
        register.check();
        register.read().gave("start");
        assertBad();
    }

    @Test
    void writeOfUnknownOutcomeTakesPlaceOnce() {
        register.write("a");
        register.read().gave("a");
        register.write("b").done();
        register.read().gave("b");
        register.check();
        register.read().gave("a");
        assertBad();
    }

    @Test
    void writeThatHasFailedMustNotBeSeen() {
        register.write("a").failed();
        register.read().gave("start");
        register.check();
        register.read().gave("a");
        assertBad();
    }

    @Test
    void exchangesThatBothWonAreFound() {
        var one = register.exchange("start", "a");
        var other = register.exchange("start", "b");
        one.done();
        other.done();
        assertBad();
    }

    @Test
    void refusedExchangeNeedsAReason() {
        register.exchange("start", "a").refused();
        assertBad();
    }

    @Test
    void longHistoryOfFewOverlapsIsSearchedAtOnce() {
        for (int i = 0; i < 2000; i++) {
            List<RegisterHistory<String>.Call> writes = new ArrayList<>();
            for (int j = 0; j < 3; j++) {
                writes.add(register.write(i + "-" + j));
            }
            writes.forEach(RegisterHistory.Call::done);
            register.read().gave(i + "-1");
        }
        register.check();
        register.read().gave("1-1");
        assertBad();
    }

    @Test
    void tokensOnlyGrowAndTheResourceRefusesTheOldOnes() {
        var tokens = new TokenHistory<>(0L);
        tokens.asks("one");
        tokens.granted("one", 5L);
        assertTrue(tokens.uses("one", 5L));
        tokens.asks("two");
        tokens.granted("two", 7L);
        assertTrue(tokens.uses("one", 5L), "nobody with a higher token was there yet");
        assertTrue(tokens.uses("two", 7L));
        assertFalse(tokens.uses("one", 5L), "he was stopped, and comes too late");
    }

    @Test
    void tokenThatIsGrantedTwiceOrGoesBackIsFound() {
        var tokens = new TokenHistory<>(0L);
        tokens.asks("one");
        tokens.granted("one", 5L);
        tokens.asks("two");
        assertThrows(AssertionError.class, () -> tokens.granted("two", 5L));
        assertThrows(AssertionError.class, () -> tokens.granted("two", 4L));
        assertThrows(AssertionError.class, () -> tokens.uses("two", 5L));
        assertThrows(AssertionError.class, () -> tokens.granted("three", 9L));
    }

    @Test
    void lostJobIsFound() {
        var jobs = new JobHistory<String>();
        for (String job : List.of("a", "b", "c")) {
            jobs.submitted(job);
        }
        jobs.acknowledged("a");
        jobs.acknowledged("b");
        jobs.begins("a");
        jobs.begins("a");
        jobs.recorded("a");
        assertThrows(AssertionError.class, jobs::check);
        jobs.recorded("b");
        jobs.check();
    }

    @Test
    void resultThatIsRecordedTwiceAndRefusedJobThatRunsAreFound() {
        var jobs = new JobHistory<String>();
        jobs.submitted("a");
        jobs.recorded("a");
        assertThrows(AssertionError.class, () -> jobs.recorded("a"));
        assertThrows(AssertionError.class, () -> jobs.refused("a"));
        assertThrows(AssertionError.class, () -> jobs.begins("never handed in"));
        jobs.submitted("b");
        jobs.refused("b");
        assertThrows(AssertionError.class, () -> jobs.begins("b"));
    }
}
