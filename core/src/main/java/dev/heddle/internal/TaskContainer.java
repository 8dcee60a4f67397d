package dev.heddle.internal;

import java.util.stream.Stream;
import jdk.internal.vm.ThreadContainer;

/**
 * The container that the JDK wants for each started thread. Unlike the JDK's root container it keeps no set of threads, which
 * makes a start cheaper; the loops know their tasks.
 */
final class TaskContainer extends ThreadContainer {

    static final TaskContainer INSTANCE = new TaskContainer();

    private TaskContainer() {
        super(/* shared= */ true);
    }

    @Override
    public String name() {
        return "heddle";
    }

    @Override
    public Stream<Thread> threads() {
        return Stream.empty();
    }
}
