package dev.heddle.observe.internal;

import dev.heddle.Loop;
import dev.heddle.Task;
import dev.heddle.internal.sight.Kernel;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The cancelling of a task: {@code cancel task=17}, and {@code loop=main} where several loops have one of this number.
 */
final class CancelView implements View {

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        Acts.require();
        long id = request.number("task", 1, Long.MAX_VALUE, 0);
        if (id == 0) {
            throw new BadRequestException("it needs the number of a task");
        }
        Task<?> task = find(id, request.text("loop"));
        String why = request.text("reason").orElse("heddle cancel");
        // In one line, whatever was sent.
        ObserverLog.log(Level.INFO, task + " is cancelled from outside: " + why.replaceAll("\\p{Cntrl}", "?"), null);
        task.cancel(why);
        out.begin("cancelled").put("loop", task.loop().name()).put("task", task.id()).put("name", task.name()).end();
    }

    private static Task<?> find(long id, Optional<String> name) throws BadRequestException {
        List<Task<?>> found = new ArrayList<>();
        boolean anyLoop = false;
        for (Loop loop : Kernel.get().loops()) {
            if (name.isEmpty() || name.get().equals(loop.name())) {
                anyLoop = true;
                Kernel.get().find(loop, id).ifPresent(found::add);
            }
        }
        if (found.size() == 1) {
            return found.getFirst();
        }
        if (!anyLoop) {
            throw new BadRequestException("there is no loop " + name.orElse(""));
        }
        if (found.isEmpty()) {
            throw new BadRequestException("there is no task " + id + ": it has ended, or its loop does not answer");
        }
        throw new BadRequestException("several loops have a task " + id + ": name one of "
                + String.join(", ", found.stream().map(task -> task.loop().name()).toList()));
    }
}
