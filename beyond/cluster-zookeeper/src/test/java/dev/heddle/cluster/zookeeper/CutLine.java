package dev.heddle.cluster.zookeeper;

import dev.heddle.Task;
import dev.heddle.TaskGroup;
import dev.heddle.conformance.FaultChoice;
import dev.heddle.conformance.FaultProxy;
import dev.heddle.net.Listener;
import dev.heddle.net.Tcp;

/** A line to a server that can be cut, and mended with other faults. */
final class CutLine {

    private final TaskGroup group;
    private final int serverPort;
    private final int port;
    private Task<Void> serving;

    CutLine(TaskGroup group, int serverPort, FaultChoice faults) {
        this.group = group;
        this.serverPort = serverPort;
        Listener front = Tcp.listen("127.0.0.1", 0);
        port = front.port();
        serving = serve(front, faults);
    }

    int port() {
        return port;
    }

    /** Resets all connections and refuses others. */
    void cut() {
        serving.cancel("the line is cut");
        serving.awaitOutcome();
    }

    /** Takes connections again. */
    void mend(FaultChoice faults) {
        serving = serve(Tcp.listen("127.0.0.1", port), faults);
    }

    private Task<Void> serve(Listener front, FaultChoice faults) {
        return group.spawn(
                "line", () -> new FaultProxy(1, faults).serve(front, () -> Tcp.connect("127.0.0.1", serverPort)));
    }
}
