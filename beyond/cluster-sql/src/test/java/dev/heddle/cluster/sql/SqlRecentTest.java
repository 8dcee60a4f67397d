package dev.heddle.cluster.sql;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.heddle.cluster.store.Bytes;
import dev.heddle.cluster.store.Entry;
import dev.heddle.cluster.store.Key;
import dev.heddle.cluster.store.WatchEvent;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** What a session answers from memory is never older than what it has answered before. */
final class SqlRecentTest {

    private static final Key KEY = new Key("things", "a");

    private final SqlRecent recent = new SqlRecent(mark(10));

    private static SqlTables.Mark mark(long stamp) {
        return new SqlTables.Mark(stamp, "a server", "", 0);
    }

    private static Entry entry(Key key, long stamp, int bytes) {
        return new Entry(key, Bytes.of(new byte[bytes]), 0, stamp, stamp, Entry.NO_OWNER);
    }

    private Optional<Entry> found(Key key) {
        return Optional.ofNullable(Objects.requireNonNull(recent.find(key)).entry());
    }

    private void commit(Entry entry) {
        recent.saw(mark(entry.changed()), 0);
        recent.committed(List.of(entry), List.of(), entry.changed());
        recent.told(entry.changed());
    }

    @Test
    void whatWasCommittedIsFoundAndNothingElse() {
        Entry entry = entry(KEY, 11, 3);
        commit(entry);
        assertEquals(Optional.of(entry), found(KEY));
        assertNull(recent.find(new Key("things", "b")));
        recent.saw(mark(12), 0);
        recent.committed(List.of(), List.of(KEY), 12);
        recent.told(12);
        assertEquals(Optional.empty(), found(KEY));
    }

    @Test
    void nothingIsFoundWhileSomethingNewerWasSeenThanWasTold() {
        Entry entry = entry(KEY, 11, 3);
        commit(entry);
        recent.saw(mark(12), 0);
        assertNull(recent.find(KEY));
        recent.told(12);
        assertEquals(Optional.of(entry), found(KEY));
    }

    @Test
    void entryThatAnotherHasChangedSinceIsForgotten() {
        Entry entry = entry(KEY, 12, 3);
        commit(entry);
        recent.changed(new WatchEvent.Changed(KEY, 11, false));
        recent.changed(new WatchEvent.Changed(KEY, 12, false));
        assertEquals(Optional.of(entry), found(KEY));
        recent.changed(new WatchEvent.Changed(KEY, 13, true));
        recent.told(13);
        assertNull(recent.find(KEY));
    }

    @Test
    void oldestAreForgottenWhereThereAreMany() {
        commit(entry(KEY, 11, 0));
        for (int i = 0; i < 70_000; i++) {
            commit(entry(new Key("things", "one"), 12 + i, 0));
        }
        assertEquals(11, found(KEY).orElseThrow().changed());
        for (int i = 0; i < 300; i++) {
            commit(entry(new Key("things", "large" + i), 80_000 + i, 60_000));
        }
        assertNull(recent.find(KEY));
        assertEquals(80_299, found(new Key("things", "large299")).orElseThrow().changed());
        recent.clear();
        assertNull(recent.find(new Key("things", "large299")));
    }
}
