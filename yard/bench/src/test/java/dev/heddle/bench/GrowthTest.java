package dev.heddle.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

/** How a growth is told. */
final class GrowthTest {

    @Test
    void dearestIsHeldAgainstTheCheapestWhereverTheyStand() {
        assertArrayEquals(new double[]{3, 20, 10, 30}, Growth.numbers(20, 10, 30));
    }

    @Test
    void whoCannotDoAllSizesIsNotCompared() {
        double[] some = {Workload.CANNOT, 2, Workload.CANNOT};
        assertArrayEquals(some, Growth.numbers(2, Workload.CANNOT));
        assertEquals(Workload.CANNOT, Growth.numbers(Workload.CANNOT, Workload.CANNOT)[0]);
    }

    @Test
    void thereIsAMeasureForEachNumber() {
        List<Measure> measures = Growth.measures("CPU of a thing", "ns", List.of(10, 1_000), ", among %,d");
        assertEquals(Growth.numbers(1, 2).length, measures.size());
        assertEquals("CPU of a thing, the dearest to the cheapest", measures.getFirst().name());
        assertEquals("CPU of a thing, among 1,000", measures.getLast().name());
        assertEquals(Target.atMost(1.1), measures.getFirst().target());
        assertEquals(Target.none(), measures.getLast().target());
    }

    @Test
    void connectionsAreWholeThousandsAndNoMoreThanAMillion() {
        int connections = Descriptors.forConnections();
        assertEquals(0, connections % 1_000);
        assertTrue(connections >= 1_000 && connections <= 1_000_000);
    }
}
