package dev.heddle.conformance;

import dev.heddle.Config;
import dev.heddle.Heddle;
import dev.heddle.engine.Engine;
import dev.heddle.engine.Engines;
import dev.heddle.engine.ListenOptions;
import java.io.File;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;

/** Listens several times on an engine that cannot open its poller; prints how often that failed, and what is left. */
final class OpeningChild {

    private OpeningChild() {}

    /** The engine's name, and how often to try. */
    public static void main(String[] args) {
        Heddle.run(Config.DEFAULT.withEngine(Engines.named(args[0])), () -> {
            // The first attempt loads classes, which opens files.
            int failed = listen(1);
            int before = openDescriptors();
            int times = Integer.parseInt(args[1]);
            failed += listen(times - 1);
            // The JVM itself has a file open now and then.
            boolean leaks = openDescriptors() - before > times / 2;
            System.out.println(failed + " failed, " + (leaks ? "each has left something open" : "nothing is left"));
        });
    }

    private static int listen(int times) {
        Engine engine = Heddle.currentLoop().engine();
        int failed = 0;
        for (int i = 0; i < times; i++) {
            try {
                engine.listen(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), ListenOptions.DEFAULT)
                        .close();
            } catch (IOException e) {
                failed++;
            }
        }
        return failed;
    }

    private static int openDescriptors() {
        String[] open = new File("/proc/self/fd").list();
        return open == null ? 0 : open.length;
    }
}
