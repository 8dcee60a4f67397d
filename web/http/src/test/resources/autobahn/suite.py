# Runs the Autobahn suite: python suite.py FOLDER MODE, with the specification in spec.json. For its interpreter, Python 2 on a JVM.
#
# As a server it listens on a free port of the loopback device and says "port N" on a line of its own. The two loops over
# each byte of a message, which take minutes for the long messages of section 9, are done by what the interpreter has for it.

import sys

folder, mode = sys.argv[1:]
sys.path[:0] = [folder, folder + '/autobahntestsuite']

from autobahn.utf8validator import Utf8Validator
from autobahn.xormasker import XorMaskerShifted1


def mask(masker, data):
    """Four strings, one for each byte of the mask, put together again."""
    out = bytearray(len(data))
    for i in range(min(4, len(data))):
        byte = masker.mskarray[masker.ptr & 3][i]
        out[i::4] = data[i::4].translate(''.join(chr(c ^ byte) for c in range(256)))
    masker.ptr += len(data)
    return str(out)


byte_by_byte = Utf8Validator.validate


def validate(validator, data):
    """Looks at each byte only of what is not plain ASCII."""
    if validator.state == Utf8Validator.UTF8_ACCEPT:
        try:
            data.decode('ascii')
            validator.i += len(data)
            return True, True, len(data), validator.i
        except UnicodeDecodeError:
            pass
    return byte_by_byte(validator, data)


XorMaskerShifted1.process = mask
Utf8Validator.validate = validate

from twisted.internet import error, reactor
from twisted.python import log

listen = reactor.listenTCP


def listen_here(port, factory, backlog=50, interface=''):
    listening = listen(0, factory, backlog, '127.0.0.1')
    if hasattr(factory, 'externalPort'):
        factory.externalPort = listening.getHost().port
        reactor.callWhenRunning(say, 'port %d' % factory.externalPort)
    return listening


def say(line):
    print(line)
    sys.stdout.flush()


reactor.listenTCP = listen_here
log.addObserver(lambda event: event.get('isError') and say(log.textFromEventDict(event)))

from autobahntestsuite import wstest
from autobahn.websocket import WebSocketServerProtocol

drop = WebSocketServerProtocol.dropConnection


def drop_at_once(protocol, abort=False):
    """The interpreter lets nobody write to a peer that has ended its side, so the case would wait for that for ever."""
    drop(protocol, abort)
    if not abort:
        ended = protocol.transport.doWrite() or error.ConnectionDone()
        reactor.callLater(0, reactor._disconnectSelectable, protocol.transport, ended, False)


WebSocketServerProtocol.dropConnection = drop_at_once

sys.argv = ['wstest', '-m', mode, '-s', 'spec.json']
wstest.run()
