package dev.heddle.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.heddle.BusyException;
import dev.heddle.CancelScope;
import dev.heddle.CancelledException;
import dev.heddle.ClosedException;
import dev.heddle.Heddle;
import dev.heddle.Task;
import dev.heddle.file.FileChange.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Changes of real directories, as the kernel tells them. */
final class FileChangesTest {

    private static final Duration LONG = Duration.ofSeconds(30);
    private static final WatchOptions RECURSIVE = WatchOptions.DEFAULT.withRecursive(true);

    @TempDir
    Path dir;

    /** Takes changes up to the one that is told. */
    private static List<FileChange> upTo(FileChanges changes, Kind kind, Path path) {
        FileChange last = new FileChange(kind, path);
        return Heddle.timeout(LONG, () -> {
            List<FileChange> all = new ArrayList<>();
            while (!all.contains(last)) {
                all.add(changes.take());
            }
            return all;
        });
    }

    private static Set<Path> paths(List<FileChange> changes) {
        Set<Path> paths = new HashSet<>();
        changes.forEach(change -> paths.add(change.path()));
        return paths;
    }

    @Test
    void whatIsMadeChangedAndRemovedIsTold() {
        Path file = dir.resolve("a");
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir)) {
                Files.createFile(file);
                assertEquals(new FileChange(Kind.CREATED, file), Heddle.timeout(LONG, changes::take));
                Files.writeString(file, "text");
                assertEquals(new FileChange(Kind.MODIFIED, file), Heddle.timeout(LONG, changes::take));
                Files.delete(file);
                upTo(changes, Kind.DELETED, file);
            }
        });
    }

    @Test
    void loopGoesOnWhileATaskWaitsForChanges() {
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir)) {
                Task<FileChange> taker = Heddle.spawn(changes::take);
                Heddle.sleep(Duration.ofMillis(1));
                assertFalse(taker.isDone());
                AsyncFiles.writeText(dir.resolve("a"), "");
                assertEquals(dir.resolve("a"), Heddle.timeout(LONG, taker::join).path());
            }
        });
    }

    @Test
    void changesOfOnePathAreToldAsOne() {
        Path file = dir.resolve("a");
        PendingChanges pending = new PendingChanges(dir, 10);
        pending.add(Kind.CREATED, file);
        pending.add(Kind.MODIFIED, file);
        assertEquals(List.of(new FileChange(Kind.CREATED, file)), pending.takeAll());
        pending.add(Kind.CREATED, file);
        pending.add(Kind.DELETED, file);
        assertTrue(pending.isEmpty(), "it came and went");
        pending.add(Kind.MODIFIED, file);
        pending.add(Kind.DELETED, file);
        assertEquals(new FileChange(Kind.DELETED, file), pending.takeFirst());
        pending.add(Kind.DELETED, file);
        pending.add(Kind.CREATED, file);
        assertEquals(new FileChange(Kind.MODIFIED, file), pending.takeFirst());
        assertTrue(pending.isEmpty());
    }

    @Test
    void tooManyPathsBecomeOneOverflow() {
        PendingChanges pending = new PendingChanges(dir, 2);
        for (int i = 0; i < 5; i++) {
            pending.add(Kind.CREATED, dir.resolve("f" + i));
        }
        assertEquals(List.of(new FileChange(Kind.OVERFLOWED, dir)), pending.takeAll());
        pending.add(Kind.CREATED, dir.resolve("f"));
        assertEquals(List.of(new FileChange(Kind.CREATED, dir.resolve("f"))), pending.takeAll());
    }

    @Test
    void endOfTheDirectoryIsToldAlsoAfterAnOverflow() {
        PendingChanges pending = new PendingChanges(dir, 1);
        for (int i = 0; i < 3; i++) {
            pending.add(Kind.CREATED, dir.resolve("f" + i));
        }
        pending.add(Kind.DELETED, dir);
        assertEquals(List.of(new FileChange(Kind.DELETED, dir)), pending.takeAll());
    }

    @Test
    @Tag("full")
    void moreThanTheSystemKeepsIsToldAsAnOverflow() {
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir)) {
                Heddle.offload(() -> {
                    for (int i = 0; i < 2_000; i++) {
                        Files.createFile(dir.resolve("f" + i));
                    }
                });
                upTo(changes, Kind.OVERFLOWED, dir);
            }
        });
    }

    @Test
    void newDirectoriesAreWatchedWithAllThatIsInThemAlready() {
        Path sub = dir.resolve("one/two/three");
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir, RECURSIVE)) {
                Files.createDirectories(sub);
                Files.createFile(sub.resolve("early"));
                Set<Path> told = paths(upTo(changes, Kind.CREATED, sub.resolve("early")));
                assertTrue(told.containsAll(Set.of(dir.resolve("one"), dir.resolve("one/two"), sub)), told.toString());
                Files.createFile(sub.resolve("late"));
                upTo(changes, Kind.CREATED, sub.resolve("late"));
            }
        });
    }

    @Test
    void directoriesThatWereThereAreWatchedOnlyIfToldSo() throws IOException {
        Path sub = Files.createDirectory(dir.resolve("sub"));
        Heddle.run(() -> {
            try (FileChanges flat = FileChanges.watch(dir);
                    FileChanges deep = FileChanges.watch(dir, RECURSIVE)) {
                Files.createFile(sub.resolve("inside"));
                upTo(deep, Kind.CREATED, sub.resolve("inside"));
                Files.createFile(dir.resolve("beside"));
                Set<Path> told = paths(upTo(flat, Kind.CREATED, dir.resolve("beside")));
                assertFalse(told.contains(sub.resolve("inside")), told.toString());
            }
        });
    }

    @Test
    void directoryThatIsRenamedInsideIsToldByItsNewName() throws IOException {
        Path old = Files.createDirectories(dir.resolve("old/deep")).getParent();
        Path renamed = dir.resolve("new");
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir, RECURSIVE)) {
                Files.move(old, renamed);
                upTo(changes, Kind.CREATED, renamed);
                Files.createFile(renamed.resolve("deep/file"));
                upTo(changes, Kind.CREATED, renamed.resolve("deep/file"));
                Files.createDirectories(old.resolve("deep"));
                Files.createFile(old.resolve("deep/file"));
                upTo(changes, Kind.CREATED, old.resolve("deep/file"));
            }
        });
    }

    @Test
    void directoryThatIsMovedToAnotherPlaceInsideIsToldByItsNewPlace() throws IOException {
        Path old = Files.createDirectories(dir.resolve("a/moved"));
        Path place = Files.createDirectories(dir.resolve("b")).resolve("moved");
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir, RECURSIVE)) {
                Files.move(old, place);
                upTo(changes, Kind.CREATED, place);
                Files.createFile(place.resolve("file"));
                upTo(changes, Kind.CREATED, place.resolve("file"));
            }
        });
    }

    @Test
    void iterationEndsWhenTheDirectoryIsRemoved() throws IOException {
        Path watched = Files.createDirectory(dir.resolve("watched"));
        Files.createFile(watched.resolve("file"));
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(watched)) {
                Files.delete(watched.resolve("file"));
                Files.delete(watched);
                List<FileChange> all = new ArrayList<>();
                Heddle.timeout(LONG, () -> changes.forEach(all::add));
                assertEquals(
                        List.of(
                                new FileChange(Kind.DELETED, watched.resolve("file")),
                                new FileChange(Kind.DELETED, watched)),
                        all);
                assertThrows(ClosedException.class, changes::take);
            }
        });
    }

    @Test
    void changesThatAreHeldBackAreAllTold() {
        WatchOptions options = RECURSIVE.withQuiet(Duration.ofMillis(50));
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir, options)) {
                for (int i = 0; i < 20; i++) {
                    Path sub = Files.createDirectory(dir.resolve("d" + i));
                    Files.writeString(sub.resolve("file"), "text");
                }
                Set<Path> told = new HashSet<>();
                Heddle.timeout(LONG, () -> {
                    while (told.size() < 40) {
                        told.addAll(paths(changes.takeAll()));
                    }
                });
            }
        });
    }

    @Test
    void changeIsHeldBackUntilNothingHasChangedForAsLongAsTold() {
        Duration quiet = Duration.ofMillis(50);
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir, WatchOptions.DEFAULT.withQuiet(quiet))) {
                long start = System.nanoTime();
                Files.createFile(dir.resolve("a"));
                assertEquals(
                        List.of(new FileChange(Kind.CREATED, dir.resolve("a"))),
                        Heddle.timeout(LONG, changes::takeAll));
                assertTrue(System.nanoTime() - start >= quiet.toNanos(), "never early");
            }
        });
    }

    @Test
    void cancelledTakeHasTakenNothing() {
        Path file = dir.resolve("a");
        Heddle.run(() -> {
            try (FileChanges changes = FileChanges.watch(dir)) {
                Task<Boolean> waiting = Heddle.spawn(() -> CancelScope.open(scope -> {
                    Heddle.spawn(() -> scope.cancel("enough"));
                    assertThrows(CancelledException.class, changes::take);
                }));
                Heddle.timeout(LONG, waiting::join);
                Files.createFile(file);
                upTo(changes, Kind.CREATED, file);
            }
        });
    }

    @Test
    void closingEndsTheWaitOfATask() {
        Heddle.run(() -> {
            FileChanges changes = FileChanges.watch(dir);
            Task<FileChange> taker = Heddle.spawn(changes::take);
            Heddle.checkpoint();
            assertThrows(BusyException.class, changes::take);
            changes.close();
            changes.close();
            assertThrows(ClosedException.class, () -> Heddle.timeout(LONG, taker::join));
            assertFalse(changes.iterator().hasNext());
        });
    }

    @Test
    void watchThatIsClosedOrFailedLeavesNoDescriptor() throws IOException {
        long before = inotifyInstances();
        Heddle.run(() -> {
            try (FileChanges _ = FileChanges.watch(dir)) {
                assertThrows(FileFailedException.class, () -> FileChanges.watch(dir.resolve("no")));
                CancelScope.current().cancel("close in a cancelled scope");
            }
        });
        assertEquals(before, inotifyInstances());
    }

    private static long inotifyInstances() throws IOException {
        Path all = Path.of("/proc/self/fd");
        if (!Files.exists(all)) {
            return 0;
        }
        try (Stream<Path> links = Files.list(all)) {
            return links.filter(FileChangesTest::isInotify).count();
        }
    }

    private static boolean isInotify(Path link) {
        try {
            return Files.readSymbolicLink(link).toString().contains("inotify");
        } catch (IOException e) {
            return false; // closed meanwhile
        }
    }

    @Test
    void whatIsNoDirectoryCannotBeWatched() throws IOException {
        Path file = Files.createFile(dir.resolve("file"));
        Heddle.run(() -> {
            assertEquals(
                    FileFailedException.Reason.NOT_A_DIRECTORY,
                    assertThrows(FileFailedException.class, () -> FileChanges.watch(file)).reason());
            assertEquals(
                    FileFailedException.Reason.NOT_FOUND,
                    assertThrows(FileFailedException.class, () -> FileChanges.watch(dir.resolve("no")))
                            .reason());
            assertThrows(IllegalArgumentException.class, () -> WatchOptions.DEFAULT.withMaxPending(0));
            assertThrows(
                    IllegalArgumentException.class, () -> WatchOptions.DEFAULT.withQuiet(Duration.ofMillis(-1)));
        });
    }
}
