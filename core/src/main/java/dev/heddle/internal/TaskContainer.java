package dev.heddle.internal;

import java.util.stream.Stream;
import jdk.internal.vm.ScopedValueContainer;
import jdk.internal.vm.ThreadContainer;

/**
 * The container that the JDK wants for each started thread. It hands the starter's scoped values down and keeps no set of
 * threads, which makes a start cheaper than in the JDK's root container.
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

    @Override
    public ScopedValueContainer.BindingsSnapshot scopedValueBindings() {
        return ScopedValueContainer.captureBindings();
    }
}
