package dev.heddle.cluster.internal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.heddle.cluster.internal.DirectoryView.Picture;
import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class PlacesTest {

    private static final String DIRECTORY = "mutexes/orders";
    private static final int FEW = 1_000;
    private static final int MANY = 100 * FEW;

    private final Places places = new Places(DIRECTORY, "here", 1);

    /** An entry of another node. */
    private static Entry other(long created) {
        return entry("other-" + created, created, "1 other");
    }

    private static Entry entry(String name, long created, String value) {
        return new Entry(new Key(DIRECTORY, name), Bytes.utf8(value), 0, created, created, 1);
    }

    private static Picture picture(long stamp, Entry... entries) {
        ImmutableTree<Entry> all = ImmutableTree.empty();
        for (Entry each : entries) {
            all = all.with(each.key().name(), each);
        }
        return new Picture(all, stamp);
    }

    /** Stands in the line from a stamp on. */
    private Entry stand(Places line, long created) {
        line.done(line.next(1, () -> "here-" + created), created);
        return entry("here-" + created, created, "1 here");
    }

    @Test
    void whatAForeignProgramHasWrittenIsNotShownAsItIs() {
        places.see(picture(20, entry("foreign", 3, "7 \u0000\u0007\u001b[2J\ufffd" + "x".repeat(1_000))), _ -> {});
        String shown = places.whoCountsOtherwise().orElseThrow();
        assertTrue(shown.startsWith("???[2J?xxx"), shown);
        assertEquals(200, shown.length());
        assertEquals(List.of(shown), places.holdersSeen());
    }

    @Test
    void placeIsServedWhenItIsHeardThatTheLastBeforeItIsDeleted() {
        Entry own = stand(places, 20);
        places.see(picture(20, other(3), other(10), own), _ -> {});
        assertEquals(List.of(), places.served());
        assertTrue(places.hear("other-10", 21));
        assertEquals(List.of(), places.served());
        assertTrue(places.hear("other-3", 21));
        assertEquals(20, places.served().getFirst().created());
        assertEquals(List.of("here"), places.holdersSeen());
        assertEquals(1, places.lengthSeen());
    }

    @Test
    void whatWasHeardToBeDeletedIsNotThereAnyMoreInAnOlderPicture() {
        Entry own = stand(places, 20);
        places.see(picture(20, other(10), own), _ -> {});
        places.hear("other-10", 21);
        places.see(picture(21, other(10), own, other(21)), _ -> {});
        assertEquals(20, places.served().getFirst().created());
        assertEquals(2, places.lengthSeen());
        assertFalse(places.hear("other-10", 21));
        places.see(picture(22, own), _ -> {});
        assertEquals(1, places.lengthSeen());
    }

    @Test
    void whatIsHeardOfAnEntryThatIsNotSeenYetIsLeftToThePicture() {
        assertFalse(places.hear("other-10", 21));
        Entry own = stand(places, 20);
        places.see(picture(9), _ -> {});
        assertFalse(places.hear("other-10", 21));
        places.see(picture(20, other(10), own), _ -> {});
        assertEquals(List.of(), places.served());
        places.see(picture(30, own), _ -> {});
        assertEquals(20, places.served().getFirst().created());
    }

    @Test
    void deletionOfWhatStoodAtANameBeforeIsNoneOfWhatStandsThereNow() {
        Entry own = stand(places, 20);
        places.see(picture(20, other(10), own), _ -> {});
        assertFalse(places.hear("other-10", 10));
        assertFalse(places.hear("other-10", 9));
        assertEquals(List.of(), places.served());
        assertTrue(places.hear("other-10", 11));
        assertEquals(20, places.served().getFirst().created());
    }

    @Test
    void ownEntryThatIsDeletedBySomebodyElseIsServedNoMore() {
        Entry own = stand(places, 20);
        places.see(picture(20, own), _ -> {});
        assertTrue(places.hear("here-20", 21));
        assertEquals(List.of(), places.served());
        places.letGo();
        assertTrue(places.isEmpty());
    }

    @Test
    void entriesOfOneStampStandInTheOrderOfTheirNames() {
        Entry own = stand(places, 20);
        places.see(picture(20, entry("a", 20, "1 other"), own, entry("z", 20, "1 other")), _ -> {});
        assertEquals(List.of(), places.served());
        assertEquals(List.of("other"), places.holdersSeen());
        places.hear("a", 21);
        assertEquals(20, places.served().getFirst().created());
    }

    @Test
    void firstOfTheLineSaysHowManyPlacesThereAreAndItsEndLeavesThatToTheNext() {
        Entry own = stand(places, 20);
        places.see(picture(20, entry("a", 3, "2 wrong"), own), _ -> {});
        assertEquals(Optional.of("wrong"), places.whoCountsOtherwise());
        places.hear("a", 21);
        assertEquals(Optional.empty(), places.whoCountsOtherwise());
    }

    @Test
    void changeCostsNoMoreThanTheLogarithmOfTheLine() {
        costOfChanges(FEW); // classes are loaded
        long few = costOfChanges(FEW);
        long many = costOfChanges(MANY);
        assertTrue(many < 3 * few, few + " bytes for changes of " + FEW + ", and " + many + " for those of " + MANY);
    }

    /** What is allocated when nodes come and go in a line of many, in bytes: each look at an entry costs some. */
    private long costOfChanges(int length) {
        var line = new Places(DIRECTORY, "here", 1);
        ImmutableTree<Entry> entries = ImmutableTree.empty();
        for (int i = 1; i <= length; i++) {
            entries = entries.with(other(i).key().name(), other(i));
        }
        Entry own = stand(line, length + 1);
        entries = entries.with(own.key().name(), own);
        line.see(new Picture(entries, length + 1), _ -> {});
        var threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        for (int i = 1; i <= 100; i++) {
            line.hear("other-" + i, length + 1 + i);
            assertEquals(List.of(), line.served());
            entries = entries.without("other-" + i);
            Entry last = other(length + 1 + i);
            entries = entries.with(last.key().name(), last);
            line.see(new Picture(entries, length + 1 + i), _ -> {});
            line.letGo();
            assertEquals(List.of(), line.served());
            assertEquals(Optional.empty(), line.whoCountsOtherwise());
        }
        return threads.getCurrentThreadAllocatedBytes() - before;
    }
}
