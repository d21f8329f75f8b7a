from classes import *
def test_it(classroom):
    one = classroom().start().to(1)
    assert is_counted(one.answer(0))
    print(one.counts(1))
    one.step()
