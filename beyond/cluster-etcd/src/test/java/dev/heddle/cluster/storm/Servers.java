package dev.heddle.cluster.storm;

import java.io.IOException;
import java.util.List;

/** The servers of an engine beside the nodes. */
interface Servers extends AutoCloseable {

    int count();

    /** Whether the others go on while one is killed. */
    boolean outliveOne();

    /** Where clients ask a server. */
    int client(int server);

    List<ProcessHandle> processes(int server);

    void kill(int server);

    void restart(int server) throws IOException, InterruptedException;

    @Override
    void close();
}
