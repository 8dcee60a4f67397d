package dev.heddle.http.gateway;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.http.gateway.DayLedger.End;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A gateway in bad weather gives right answers, named failures or visibly cut ones, and has nothing left behind it. */
final class GatewayDayTest {

    @Test
    void hourOfFaultsGivesRightAnswersOrVisibleFailures() {
        assertEquals("", new GatewayDay().apply(1));
    }

    @Tag("full")
    @Test
    void dayOfFaultsGivesRightAnswersOrVisibleFailures() {
        var day = new GatewayDay();
        assertEquals("", day.apply(24));
        for (End each : End.values()) {
            assertTrue(day.count(each) > day.exchanges() / 200, each + ": " + day.count(each));
        }
    }
}
