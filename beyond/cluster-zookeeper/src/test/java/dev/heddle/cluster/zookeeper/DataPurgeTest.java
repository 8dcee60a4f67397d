package dev.heddle.cluster.zookeeper;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.zookeeper.server.DataTree;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class DataPurgeTest {

    @TempDir
    Path directory;

    @Test
    void threeSnapshotsStayWithTheLogsThatGoOnFromThem() throws Exception {
        snapshots(1, 2, 3, 4, 5);
        for (int first = 1; first <= 5; first++) {
            Files.createFile(files().resolve("log." + first));
        }
        Files.createFile(files().resolve("acceptedEpoch"));

        new DataPurge(directory.toFile(), directory.toFile()).purge();

        assertEquals(
                Set.of("snapshot.3", "snapshot.4", "snapshot.5", "log.3", "log.4", "log.5", "acceptedEpoch"), names());
    }

    @Test
    void logThatBeginsBeforeTheOldestSnapshotAndGoesOnBehindItStays() throws Exception {
        snapshots(3, 4, 5, 6);
        Files.createFile(files().resolve("log.1"));
        Files.createFile(files().resolve("log.2"));

        new DataPurge(directory.toFile(), directory.toFile()).purge();

        assertEquals(Set.of("snapshot.4", "snapshot.5", "snapshot.6", "log.2"), names());
    }

    @Test
    void directoryWithoutSnapshotsIsLeftAsItIs() throws Exception {
        Files.createDirectories(files());
        Files.createFile(files().resolve("log.1"));

        new DataPurge(directory.toFile(), directory.toFile()).purge();

        assertEquals(Set.of("log.1"), names());
    }

    private void snapshots(long... last) throws IOException {
        FileTxnSnapLog log = new FileTxnSnapLog(directory.toFile(), directory.toFile());
        for (long each : last) {
            var tree = new DataTree();
            tree.lastProcessedZxid = each;
            log.save(tree, new ConcurrentHashMap<>(), true);
        }
        log.close();
    }

    private Path files() {
        return directory.resolve("version-2");
    }

    private Set<String> names() throws IOException {
        try (Stream<Path> files = Files.list(files())) {
            return files.map(file -> file.getFileName().toString()).collect(Collectors.toSet());
        }
    }
}
