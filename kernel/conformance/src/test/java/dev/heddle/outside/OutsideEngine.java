package dev.heddle.outside;

import dev.heddle.engine.Acceptor;
import dev.heddle.engine.Engine;
import dev.heddle.engine.NioEngine;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.net.BindException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.util.LinkedHashSet;
import java.util.Set;

/** An engine from outside: the portable one behind a proxy that has one fault or none. */
final class OutsideEngine implements InvocationHandler {

    /** What its writer has got wrong. */
    enum Fault {
        NONE,
        NEVER_SLEEPS,
        LOSES_WAKES,
        SLEEPS_PAST_TIMERS,
        LOSES_THE_FIRST_CONNECTION,
        STOPPED_LISTENER_STAYS,
        SECOND_LISTENER_OF_A_PORT_GETS_ANOTHER,
        REFUSED_CONNECT_NAMES_NO_REASON,
        CLOCK_STANDS_STILL,
        CLOSE_FREES_NOTHING
    }

    private final Object under;
    private final Fault fault;
    private boolean lost;

    private OutsideEngine(Object under, Fault fault) {
        this.under = under;
        this.fault = fault;
    }

    static Engine with(Fault fault) {
        return (Engine) proxy(new NioEngine(), fault);
    }

    private static Object proxy(Object under, Fault fault) {
        Set<Class<?>> faces = new LinkedHashSet<>();
        for (Class<?> each = under.getClass(); each != null; each = each.getSuperclass()) {
            faces.addAll(Set.of(each.getInterfaces()));
        }
        return Proxy.newProxyInstance(
                Engine.class.getClassLoader(), faces.toArray(Class<?>[]::new), new OutsideEngine(under, fault));
    }

    @Override
    public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
        return under instanceof Acceptor acceptor
                ? callListener(acceptor, method, arguments)
                : callEngine(method, arguments);
    }

    private Object callEngine(Method method, Object[] arguments) throws Throwable {
        switch (method.getName()) {
            case "poll" -> {
                if (fault == Fault.NEVER_SLEEPS) {
                    arguments[0] = 0L;
                } else if (fault == Fault.SLEEPS_PAST_TIMERS && (long) arguments[0] > 0) {
                    arguments[0] = Long.MAX_VALUE;
                }
            }
            case "wake" -> {
                if (fault == Fault.LOSES_WAKES) {
                    return null;
                }
            }
            case "nanoTime" -> {
                if (fault == Fault.CLOCK_STANDS_STILL) {
                    return 1L;
                }
            }
            case "close" -> {
                if (fault == Fault.CLOSE_FREES_NOTHING) {
                    return null;
                }
            }
            case "listen" -> {
                return proxy(listen(method, arguments), fault);
            }
            case "connect" -> {
                return connect(method, arguments);
            }
            default -> {}
        }
        return call(method, arguments);
    }

    private Object listen(Method method, Object[] arguments) throws Throwable {
        try {
            return call(method, arguments);
        } catch (BindException e) {
            if (fault == Fault.SECOND_LISTENER_OF_A_PORT_GETS_ANOTHER) {
                arguments[0] = new InetSocketAddress(((InetSocketAddress) arguments[0]).getAddress(), 0);
                return call(method, arguments);
            }
            throw e;
        }
    }

    private Object connect(Method method, Object[] arguments) throws Throwable {
        try {
            return call(method, arguments);
        } catch (ConnectException e) {
            throw fault == Fault.REFUSED_CONNECT_NAMES_NO_REASON ? new IllegalStateException("no connection") : e;
        }
    }

    private Object callListener(Acceptor acceptor, Method method, Object[] arguments) throws Throwable {
        if (fault == Fault.LOSES_THE_FIRST_CONNECTION && method.getName().equals("accept") && !lost) {
            lost = true;
            acceptor.accept().close();
        }
        boolean stays = fault == Fault.STOPPED_LISTENER_STAYS && method.getName().equals("close");
        return stays ? null : call(method, arguments);
    }

    private Object call(Method method, Object[] arguments) throws Throwable {
        try {
            return method.invoke(under, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }
}
