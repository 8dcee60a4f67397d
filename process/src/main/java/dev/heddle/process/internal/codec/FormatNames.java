package dev.heddle.process.internal.codec;

import dev.heddle.process.Format;
import java.util.ArrayList;
import java.util.List;

/** The classes of formats by their names, in another process. */
public final class FormatNames {

    private FormatNames() {}

    public static List<String> of(List<Class<? extends Format<?>>> classes) {
        List<String> names = new ArrayList<>(classes.size());
        for (Class<?> each : classes) {
            names.add(each.getName());
        }
        return names;
    }

    /**
     * Finds them again.
     *
     * @throws UnreadableException if one is missing here
     */
    @SuppressWarnings("unchecked")
    public static List<Class<? extends Format<?>>> find(List<String> names, ClassLoader loader) {
        List<Class<? extends Format<?>>> classes = new ArrayList<>(names.size());
        for (String name : names) {
            try {
                classes.add((Class<? extends Format<?>>) Class.forName(name, false, loader).asSubclass(Format.class));
            } catch (ClassNotFoundException e) {
                throw new UnreadableException("the format " + name + " is not on the class path here", e);
            }
        }
        return classes;
    }
}
