package dev.heddle.internal;

import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;
import jdk.internal.vm.ThreadContainers;

/**
 * The container that the JDK wants for each started thread. Unlike the JDK's root container it keeps no set of threads, which
 * makes a start cheaper; the loops know their tasks and list them when a tool of the JDK asks, such as {@code jcmd PID
 * Thread.dump_to_file}.
 */
final class TaskContainer extends ThreadContainer {

    static final TaskContainer INSTANCE = new TaskContainer();

    private static volatile Supplier<List<Thread>> tasks = List::of;

    private TaskContainer() {
        super(/* shared= */ true);
    }

    /** Makes the tasks visible to the tools of the JDK. */
    static void listWith(Supplier<List<Thread>> threadsOfTasks) {
        tasks = threadsOfTasks;
        ThreadContainers.registerContainer(INSTANCE);
    }

    @Override
    public String name() {
        return "heddle";
    }

    @Override
    public Stream<Thread> threads() {
        return tasks.get().stream();
    }
}
