package dev.heddle.internal.sight;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ConnectionsTest {

    private static final class One extends Connections.Link {

        private final String peer;
        private final int streams;

        One(String peer, int streams) {
            this.peer = peer;
            this.streams = streams;
        }

        @Override
        protected ConnectionSight sight() {
            return new ConnectionSight(
                    null, peer, "tcp", "open", null, 0, ConnectionSight.Bytes.NONE, -1,
                    Collections.nCopies(streams, new ConnectionSight.Held("stream", null, -1)));
        }
    }

    private final Connections<One> connections = new Connections<>();

    private List<One> come(int count) {
        List<One> come = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            come.add(new One("peer " + i, 0));
        }
        come.forEach(connections::add);
        return come;
    }

    private static List<String> peers(List<ConnectionSight> told) {
        return told.stream().map(ConnectionSight::peer).toList();
    }

    @Test
    void theyStandInTheOrderTheyCame() {
        List<One> come = come(3);
        assertEquals(come, connections.all());
        connections.remove(come.get(1));
        connections.remove(come.get(1));
        assertEquals(List.of(come.get(0), come.get(2)), connections.all());
        assertEquals(2, connections.size());
    }

    @Test
    void walkIsMadeOfSlicesThatHoldTheLoopForLittle() {
        come(10_000);
        int slices = 0;
        int told = 0;
        var walk = connections.walk();
        while (!walk.isOver()) {
            int now = walk.next().size();
            assertTrue(now <= 100, now + " in a slice");
            told += now;
            slices++;
        }
        assertEquals(10_000, told);
        assertEquals(100, slices);
    }

    @Test
    void streamsCountInASlice() {
        for (int i = 0; i < 100; i++) {
            connections.add(new One("peer " + i, 39));
        }
        assertEquals(3, connections.walk().next().size());
    }

    @Test
    void whatComesAndGoesBetweenTwoSlicesDoesNotMatterToTheOthers() {
        var random = new Random(7);
        for (int round = 0; round < 50; round++) {
            List<One> alive = new ArrayList<>(come(1_000));
            Set<String> stay = new HashSet<>();
            alive.forEach(one -> stay.add(one.peer));
            List<String> told = new ArrayList<>();
            var walk = connections.walk();
            while (!walk.isOver()) {
                told.addAll(peers(walk.next()));
                for (int i = 0; i < 40; i++) {
                    One gone = alive.remove(random.nextInt(alive.size()));
                    connections.remove(gone);
                    stay.remove(gone.peer);
                    if (random.nextBoolean()) {
                        connections.add(new One("late", 0));
                    }
                }
            }
            told.removeIf("late"::equals);
            assertEquals(told.size(), Set.copyOf(told).size(), "none is told twice");
            assertTrue(told.containsAll(stay), "who stays is told");
            connections.all().forEach(connections::remove);
            assertTrue(connections.isEmpty());
        }
    }

    @Test
    void walkThatIsGivenUpLeavesNothingBehind() {
        come(1_000);
        var walk = connections.walk();
        assertEquals(100, walk.next().size());
        walk.close();
        assertEquals(List.of(), walk.next(), "also if the question comes late");
        assertEquals(1_000, connections.all().size());
        assertTrue(walk.isOver());
        var other = connections.walk();
        assertFalse(other.isOver());
        other.close();
        assertEquals(List.of(), other.next());
    }

    @Test
    void twoWalksDoNotSeeEachOther() {
        come(600);
        var one = connections.walk();
        var two = connections.walk();
        List<String> ofOne = new ArrayList<>();
        List<String> ofTwo = new ArrayList<>();
        while (!one.isOver() || !two.isOver()) {
            ofOne.addAll(peers(one.next()));
            ofTwo.addAll(peers(two.next()));
        }
        assertEquals(600, ofOne.size());
        assertEquals(ofOne, ofTwo);
    }
}
