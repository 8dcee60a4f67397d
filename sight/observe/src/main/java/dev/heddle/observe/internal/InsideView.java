package dev.heddle.observe.internal;

import dev.heddle.internal.Throwables;
import dev.heddle.internal.sight.Part;
import dev.heddle.internal.sight.Parts;
import java.io.IOException;
import java.util.Map;
import java.util.Optional;

/**
 * The view of what is in a part of this process, such as the jobs of a queue: {@code inside part=7 about=jobs text=ada}. A
 * line of kind {@code item} for each.
 */
final class InsideView implements View {

    @Override
    public void write(ViewRequest request, JsonLines out) throws IOException {
        long id = request.number("part", 1, Long.MAX_VALUE, 0);
        Optional<Part<?>> part = Parts.all().stream().filter(each -> each.id() == id).findFirst();
        if (part.isEmpty()) {
            throw new BadRequestException("there is no part " + id + ", or no more");
        }
        try {
            for (Map<String, Object> line : part.get().answer(request.arguments())) {
                write(line, out);
            }
        } catch (RuntimeException e) {
            throw new BadRequestException("no answer: " + Throwables.describe(e));
        }
    }

    private static void write(Map<String, Object> line, JsonLines out) throws IOException {
        out.begin("item");
        line.forEach((name, value) -> {
            switch (value) {
                case Boolean truth -> out.put(name, truth);
                case Double number -> out.put(name, number);
                case Number number -> out.put(name, number.longValue());
                default -> out.put(name, value.toString());
            }
        });
        out.end();
    }
}
