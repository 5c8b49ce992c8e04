"""The training-signal control: does a gain need a correct reward, or a true instruction?"""
