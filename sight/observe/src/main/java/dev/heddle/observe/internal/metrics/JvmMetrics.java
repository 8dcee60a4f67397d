package dev.heddle.observe.internal.metrics;

import com.sun.management.OperatingSystemMXBean;
import com.sun.management.UnixOperatingSystemMXBean;
import java.lang.management.ClassLoadingMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryType;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadMXBean;
import java.util.List;

/** The metrics of the JVM and its process, as OpenTelemetry's conventions for JVMs and processes name them. */
final class JvmMetrics {

    private static final String BYTES = "bytes";
    private static final String SECONDS = "seconds";
    private static final double NANOS_PER_SECOND = 1e9;
    private static final double MILLIS_PER_SECOND = 1e3;

    private JvmMetrics() {}

    static void addTo(List<Metric> all) {
        memory(all);
        threadsAndClasses(all);
        process(all);
    }

    private static void memory(List<Metric> all) {
        var used = Metric.gauge("jvm.memory.used", BYTES, "Memory used.");
        var committed = Metric.gauge("jvm.memory.committed", BYTES, "Memory that the system has given.");
        var limit = Metric.gauge("jvm.memory.limit", BYTES, "Most memory that may be used.");
        for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
            MemoryUsage usage = pool.getUsage();
            if (usage == null) {
                continue;
            }
            Labels labels = Labels.NONE
                    .with("jvm.memory.type", pool.getType() == MemoryType.HEAP ? "heap" : "non_heap")
                    .with("jvm.memory.pool.name", pool.getName());
            used.add(labels, usage.getUsed());
            committed.add(labels, usage.getCommitted());
            if (usage.getMax() >= 0) {
                limit.add(labels, usage.getMax());
            }
        }
        all.addAll(List.of(used.build(), committed.build(), limit.build()));
    }

    private static void threadsAndClasses(List<Metric> all) {
        ThreadMXBean threads = ManagementFactory.getThreadMXBean();
        int daemons = threads.getDaemonThreadCount();
        all.add(Metric.gauge("jvm.thread.count", "", "Platform threads that are alive.")
                .add(Labels.NONE.with("jvm.thread.daemon", "true"), daemons)
                .add(Labels.NONE.with("jvm.thread.daemon", "false"), threads.getThreadCount() - (double) daemons)
                .build());
        ClassLoadingMXBean classes = ManagementFactory.getClassLoadingMXBean();
        all.add(Metric.gauge("jvm.class.count", "", "Classes that are loaded.")
                .add(Labels.NONE, classes.getLoadedClassCount())
                .build());
        all.add(Metric.counter("jvm.class.loaded", "", "Classes loaded since the start.")
                .add(Labels.NONE, classes.getTotalLoadedClassCount())
                .build());
    }

    private static void process(List<Metric> all) {
        all.add(Metric.gauge("jvm.cpu.count", "", "Processors that the JVM may use.")
                .add(Labels.NONE, Runtime.getRuntime().availableProcessors())
                .build());
        all.add(Metric.gauge("process.uptime", SECONDS, "Time since the JVM began.")
                .add(Labels.NONE, ManagementFactory.getRuntimeMXBean().getUptime() / MILLIS_PER_SECOND)
                .build());
        if (ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean system) {
            all.add(Metric.counter("jvm.cpu.time", SECONDS, "Time on processors.")
                    .add(Labels.NONE, Math.max(0, system.getProcessCpuTime()) / NANOS_PER_SECOND)
                    .build());
            all.add(Metric.gauge("jvm.cpu.recent_utilization", "ratio", "Recent share of all processors, 0 to 1.")
                    .add(Labels.NONE, Math.max(0, system.getProcessCpuLoad()))
                    .build());
            if (system instanceof UnixOperatingSystemMXBean unix) {
                all.add(Metric.gauge("process.open_file_descriptor.count", "", "File descriptors that are open.")
                        .add(Labels.NONE, unix.getOpenFileDescriptorCount())
                        .build());
            }
        }
    }
}
