package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

/** The slope of a line through points, by least squares. */
final class SlopeTest {

    @Test
    void pointsOnALineGiveItsSlopeWhateverTheFirstOneIs() {
        assertEquals(3, Slope.of(new double[]{1, 2, 5}, new double[]{103, 106, 115}), 1e-9);
    }

    @Test
    void pointsBesideALineCountAllAlike() {
        assertEquals(0.6, Slope.of(new double[]{0, 1, 2, 3}, new double[]{1, 0, 3, 2}), 1e-9);
    }

    @Test
    void onePlaceAloneHasNoSlope() {
        assertThrows(IllegalArgumentException.class, () -> Slope.of(new double[]{2, 2}, new double[]{1, 3}));
    }

    @Test
    void eachPlaceHasOneNumber() {
        assertThrows(IllegalArgumentException.class, () -> Slope.of(new double[]{1, 2}, new double[]{1}));
    }
}
