package dev.heddle.cluster.zookeeper;

import dev.heddle.cluster.store.WatchEvent;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.apache.zookeeper.WatchedEvent;
import org.apache.zookeeper.Watcher;
import org.apache.zookeeper.Watcher.Event.EventType;

/**
 * The one watch that the server has of a directory for this session, whoever watches here: ZooKeeper has no watch of
 * its own for each who asks. A server forgets it with the connection. The client sets it anew by itself, but what
 * happened meanwhile is never told: hence the gap.
 *
 * <p>Signals are told on the thread for events.
 */
final class DirectoryWatch implements Watcher {

    private final String directory;
    private final String path;
    private final List<Listening> listening = new CopyOnWriteArrayList<>();

    /** Those who listen, and those who will when the server has answered; behind the session's lock. */
    int users;

    DirectoryWatch(String directory, String path) {
        this.directory = directory;
        this.path = path;
    }

    String directory() {
        return directory;
    }

    String path() {
        return path;
    }

    void add(Listening listener) {
        listening.add(listener);
    }

    void remove(Listening listener) {
        listening.remove(listener);
    }

    void tell(WatchEvent signal) {
        listening.forEach(listener -> listener.tell(signal));
    }

    @Override
    public void process(WatchedEvent event) {
        switch (event.getType()) {
            case NodeCreated, NodeDeleted, NodeDataChanged -> {
                // The directory itself comes and goes unseen.
                if (event.getPath().length() > path.length()) {
                    String name = event.getPath().substring(path.length() + 1);
                    boolean deleted = event.getType() == EventType.NodeDeleted;
                    NodePaths.key(directory, name)
                            .ifPresent(key -> tell(new WatchEvent.Changed(key, event.getZxid(), deleted)));
                }
            }
            default -> {
                // The session tells of connections.
            }
        }
    }
}
