package dev.heddle.file;

import dev.heddle.file.FileChange.Kind;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The changes that wait to be taken: one for each path, in the order in which the paths first changed, and a bounded
 * number.
 */
final class PendingChanges {

    private final Path root;
    private final int most;
    private final Map<Path, Kind> changes = new LinkedHashMap<>();

    PendingChanges(Path root, int most) {
        this.root = root;
        this.most = most;
    }

    void add(Kind kind, Path path) {
        if (changes.get(root) == Kind.OVERFLOWED && !(kind == Kind.DELETED && path.equals(root))) {
            return;
        }
        Kind both = both(changes.get(path), kind);
        if (both == null) {
            changes.remove(path);
        } else if (changes.size() < most || changes.containsKey(path)) {
            changes.put(path, both);
        } else {
            changes.clear();
            changes.put(root, kind == Kind.DELETED && path.equals(root) ? kind : Kind.OVERFLOWED);
        }
    }

    /** What two changes of a path, one after the other, come to; null for nothing. */
    private static @Nullable Kind both(@Nullable Kind first, Kind second) {
        if (first == null || second == Kind.OVERFLOWED || first == second) {
            return second;
        }
        return switch (first) {
            case CREATED -> second == Kind.DELETED ? null : Kind.CREATED;
            case MODIFIED -> second;
            // Another file of that name: who knew the old one sees it changed.
            case DELETED -> Kind.MODIFIED;
            case OVERFLOWED -> second == Kind.DELETED ? Kind.DELETED : Kind.OVERFLOWED;
        };
    }

    boolean isEmpty() {
        return changes.isEmpty();
    }

    boolean isFull() {
        return changes.size() >= most;
    }

    /** Takes the first; there must be one. */
    FileChange takeFirst() {
        Iterator<Map.Entry<Path, Kind>> first = changes.entrySet().iterator();
        Map.Entry<Path, Kind> entry = first.next();
        var change = new FileChange(entry.getValue(), entry.getKey());
        first.remove();
        return change;
    }

    List<FileChange> takeAll() {
        List<FileChange> all = new ArrayList<>(changes.size());
        changes.forEach((path, kind) -> all.add(new FileChange(kind, path)));
        changes.clear();
        return all;
    }
}
