package dev.heddle.cluster.zookeeper;

import dev.heddle.FailureHandler;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.apache.zookeeper.server.persistence.FileTxnSnapLog;
import org.apache.zookeeper.server.persistence.Util;

/**
 * The purge of the snapshots and logs of a server that newer ones have made needless: when it starts, and each hour.
 * ZooKeeper's own purge tells of each file on the standard output, which is the program's.
 */
final class DataPurge {

    private static final int KEPT_SNAPSHOTS = 3;
    private static final Duration PERIOD = Duration.ofHours(1);

    private final File data;
    private final File logs;
    private final Thread thread;

    /**
     * @param data the directory with the snapshots' one in it
     * @param logs the same for the logs; may be the same
     */
    DataPurge(File data, File logs) {
        this.data = data;
        this.logs = logs;
        this.thread = Thread.ofVirtual().name("zookeeper purge").unstarted(this::live);
    }

    void start() {
        thread.start();
    }

    void stop() {
        thread.interrupt();
    }

    private void live() {
        try {
            while (true) {
                try {
                    purge();
                } catch (IOException | RuntimeException | Error e) { // as of a directory that goes while it is read
                    FailureHandler.LOG.failed("old files of ZooKeeper in " + data + " are not deleted", e);
                }
                Thread.sleep(PERIOD);
            }
        } catch (InterruptedException e) {
            // It was stopped.
        }
    }

    /** Deletes what is needless now. */
    void purge() throws IOException {
        if (!new File(data, "version-2").isDirectory()) {
            return; // the first start
        }
        FileTxnSnapLog files = new FileTxnSnapLog(logs, data);
        try {
            List<File> kept = files.findNValidSnapshots(KEPT_SNAPSHOTS);
            if (kept.isEmpty()) {
                return;
            }
            long oldest = Util.getZxidFromName(kept.getLast().getName(), "snapshot");
            // A log may begin before the snapshot and go on behind it.
            Set<String> needed = Arrays.stream(files.getSnapshotLogs(oldest)).map(File::getName)
                    .collect(Collectors.toSet());
            delete(files.getDataLogDir(), "log", oldest, needed);
            delete(files.getSnapDir(), "snapshot", oldest, Set.of());
        } finally {
            files.close();
        }
    }

    private static void delete(File directory, String kind, long before, Set<String> needed) throws IOException {
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory.toPath(), kind + ".*")) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                long first = Util.getZxidFromName(name, kind);
                if (first >= 0 && first < before && !needed.contains(name)) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
