package dev.heddle.cluster.storm;

import dev.heddle.Config;
import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.conformance.FaultProxy;
import dev.heddle.conformance.Faults;
import dev.heddle.net.Tcp;
import java.util.ArrayList;
import java.util.List;

/** Lines over the loopback that can be cut: all connections are reset, and others refused, until they are mended. */
final class Lines implements AutoCloseable {

    private final Loop loop = Loop.start(Config.DEFAULT);
    private final List<Line> lines = new ArrayList<>();

    /** A line, uncut. */
    final class Line {
        private final int from;
        private final int to;
        private Task<Void> serving;

        private Line(int from, int to) {
            this.from = from;
            this.to = to;
            serving = serve();
        }

        int port() {
            return from;
        }

        void cut() {
            serving.cancel("the line is cut");
            serving.awaitOutcome();
        }

        void mend() {
            serving = serve();
        }

        private Task<Void> serve() {
            FaultProxy proxy = new FaultProxy(1, Faults.NONE, Faults.NONE);
            return loop.spawn(
                    "line to " + to,
                    () -> proxy.serve(Tcp.listen("127.0.0.1", from), () -> Tcp.connect("127.0.0.1", to)));
        }
    }

    /** Makes a line to a port of this machine. */
    Line to(int port) {
        Line line = new Line(Ports.free(), port);
        lines.add(line);
        return line;
    }

    @Override
    public void close() {
        lines.forEach(Line::cut);
        loop.close();
    }
}
