import com.sun.jdi.Bootstrap;
import com.sun.jdi.ThreadReference;
import com.sun.jdi.VirtualMachine;
import com.sun.jdi.connect.Connector;
import com.sun.jdi.event.Event;
import com.sun.jdi.event.EventSet;
import com.sun.jdi.event.MethodEntryEvent;
import com.sun.jdi.event.MethodExitEvent;
import com.sun.jdi.request.EventRequest;
import com.sun.jdi.request.MethodEntryRequest;
import com.sun.jdi.request.MethodExitRequest;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Counts the entries of Heddle's methods between the two marks of a program: see "count". Arguments: class path, program, "tree" to print each entry. */
final class Trips {

    private final Set<String> classes = new LinkedHashSet<>();
    private final Set<String> methods = new LinkedHashSet<>();
    private final Set<String> back = new LinkedHashSet<>();
    private final Map<ThreadReference, Deque<String>> stacks = new HashMap<>();
    private final Map<String, List<String>> trees = new LinkedHashMap<>();
    private int entries;
    private int crossings;

    void main(String[] arguments) throws Exception {
        VirtualMachine jvm = launch(arguments[0], arguments[1]);
        copy(jvm.process().getInputStream());
        copy(jvm.process().getErrorStream());
        MethodEntryRequest mark = jvm.eventRequestManager().createMethodEntryRequest();
        mark.addClassFilter("Trip");
        mark.setSuspendPolicy(EventRequest.SUSPEND_ALL);
        mark.enable();
        MethodEntryRequest entry = jvm.eventRequestManager().createMethodEntryRequest();
        entry.addClassFilter("dev.heddle.*");
        entry.setSuspendPolicy(EventRequest.SUSPEND_NONE);
        MethodExitRequest exit = jvm.eventRequestManager().createMethodExitRequest();
        exit.addClassFilter("dev.heddle.*");
        exit.setSuspendPolicy(EventRequest.SUSPEND_NONE);
        jvm.resume();
        boolean ended = false;
        while (!ended) {
            EventSet events = jvm.eventQueue().remove(60_000);
            if (events == null) {
                throw new IllegalStateException("the program said nothing for a minute");
            }
            for (Event event : events) {
                if (event instanceof MethodEntryEvent entered && isMark(entered)) {
                    boolean begins = entered.method().name().equals("begin");
                    entry.setEnabled(begins);
                    exit.setEnabled(begins);
                    ended = !begins;
                } else if (event instanceof MethodEntryEvent entered) {
                    entered(entered);
                } else if (event instanceof MethodExitEvent left) {
                    left(left);
                }
            }
            events.resume();
        }
        jvm.exit(0);
        if (arguments.length > 2 && arguments[2].equals("tree")) {
            trees.forEach((thread, tree) -> {
                IO.println(thread);
                tree.forEach(IO::println);
            });
        }
        IO.println("%-8s %4d classes %4d methods %4d entries %4d from class to class %3d there and back".formatted(
                arguments[1], classes.size(), methods.size(), entries, crossings, back.size()));
    }

    private static VirtualMachine launch(String path, String program) throws Exception {
        var connector = Bootstrap.virtualMachineManager().defaultConnector();
        Map<String, Connector.Argument> options = connector.defaultArguments();
        options.get("main").setValue(program);
        options.get("options").setValue("-Xint --enable-native-access=ALL-UNNAMED --add-opens=java.base/java.lang=ALL-UNNAMED"
                + " --add-exports=java.base/jdk.internal.vm=ALL-UNNAMED -cp " + path);
        return connector.launch(options);
    }

    private static void copy(InputStream from) {
        Thread.ofVirtual().start(() -> {
            try (from) {
                from.transferTo(System.err);
            } catch (IOException e) {
                // the program has ended
            }
        });
    }

    private static boolean isMark(MethodEntryEvent entered) {
        return entered.method().declaringType().name().equals("Trip");
    }

    private static String outermost(String type) {
        int inner = type.indexOf('$');
        return inner < 0 ? type : type.substring(0, inner);
    }

    private void entered(MethodEntryEvent event) {
        if (event.thread().name().contains("watch")) {
            return; // looks every 100 ms, whatever happens
        }
        String type = outermost(event.method().declaringType().name());
        Deque<String> stack = stacks.computeIfAbsent(event.thread(), thread -> new ArrayDeque<>());
        entries++;
        classes.add(type);
        methods.add(event.method().toString());
        String caller = stack.peek();
        if (caller != null && !caller.equals(type)) {
            crossings++;
            if (stack.contains(type)) {
                back.add(caller + " to " + type);
            }
        }
        trees.computeIfAbsent(event.thread().toString(), thread -> new ArrayList<>())
                .add("  ".repeat(stack.size()) + type.substring(type.lastIndexOf('.') + 1) + "." + event.method().name());
        stack.push(type);
    }

    private void left(MethodExitEvent event) {
        Deque<String> stack = stacks.get(event.thread());
        String type = outermost(event.method().declaringType().name());
        while (stack != null && !stack.isEmpty() && !stack.pop().equals(type)) {
            // an exception has left the others
        }
    }
}
